const GAME = `#!/bin/sh
echo "trial: word=$TRIAL_WORD port=$SERVER_PORT"
echo "trial: ready"
while read -r verb rest; do
  case "$verb" in
    stop) echo "trial: stopping"; exit 0 ;;
    show) echo "trial: content [$(cat "$rest")]" ;;
    run) sh -c "$rest" > /dev/null 2>&1; echo "trial: ran [$rest]" ;;
    *) echo "trial: heard [$verb $rest]" ;;
  esac
done
`

const INSTALL = `echo "trial: installing"
sleep "$TRIAL_SECONDS"
cd /mnt/server || exit 1
cat > game.sh <<'GAME'
${GAME}GAME
echo "server-port=0" > trial.properties
echo "trial: installed"
`

/** What its `file_denylist` keeps people from. */
export const DENIED = 'secret.txt'

interface EggImages {
  gameImage: string
  installerImage: string
  /** Of the same content as the game's. */
  otherImage: string
}

/** A game in thirty lines, in the format that panels exchange. Both images need a shell, the game's has to run $STARTUP. */
export function trialEgg({ gameImage, installerImage, otherImage }: EggImages) {
  return {
    meta: { version: 'PTDL_v2', update_url: null },
    exported_at: '2026-01-01T00:00:00+00:00',
    name: 'Trial',
    author: 'trial@example.com',
    description: 'A shell script that answers its standard input',
    features: [],
    docker_images: { Local: gameImage, Other: otherImage },
    file_denylist: [DENIED, '*.key'],
    startup: 'sh game.sh {{TRIAL_WORD}}',
    config: {
      files: JSON.stringify({
        'trial.properties': { parser: 'properties', find: { 'server-port': '{{server.build.default.port}}' } },
      }),
      startup: JSON.stringify({ done: 'trial: ready' }),
      logs: '{}',
      stop: 'stop',
    },
    scripts: { installation: { script: INSTALL, container: installerImage, entrypoint: 'sh' } },
    variables: [
      {
        name: 'Word',
        description: 'Shown in the console',
        env_variable: 'TRIAL_WORD',
        default_value: 'alpha',
        user_viewable: true,
        user_editable: true,
        rules: 'required|string|max:40',
        field_type: 'text',
      },
      {
        name: 'Seconds',
        description: 'How long the installation takes',
        env_variable: 'TRIAL_SECONDS',
        default_value: '2',
        user_viewable: true,
        user_editable: true,
        rules: 'required|integer|between:0,60',
        field_type: 'text',
      },
    ],
  }
}
