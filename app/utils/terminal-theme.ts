/** Colours of the terminal in light and in dark; the cursor is the panel's own. */
export const TERMINAL_THEMES = {
  light: {
    background: '#fafafa', foreground: '#27272a', selectionBackground: '#d6d7ff',
    black: '#27272a', red: '#c10007', green: '#007a55', yellow: '#8f4d00', blue: '#1447e6', magenta: '#8200db', cyan: '#00677f', white: '#63636d',
    brightBlack: '#71717b', brightRed: '#d3000a', brightGreen: '#00805a', brightYellow: '#a35200', brightBlue: '#155dfc', brightMagenta: '#9810fa', brightCyan: '#0a7189', brightWhite: '#3f3f46',
  },
  dark: {
    background: '#0b0b0e', foreground: '#d4d4d8', selectionBackground: '#34325c',
    black: '#7d7d87', red: '#ff6467', green: '#00d492', yellow: '#ffb900', blue: '#6ea8ff', magenta: '#c99bff', cyan: '#3fd0e0', white: '#d4d4d8',
    brightBlack: '#8a8a94', brightRed: '#ff8a8c', brightGreen: '#5ee9b5', brightYellow: '#ffd230', brightBlue: '#9cc5ff', brightMagenta: '#dcbfff', brightCyan: '#7fe3ee', brightWhite: '#fafafa',
  },
} as const
