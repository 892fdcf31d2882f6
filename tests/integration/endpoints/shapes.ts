/**
 * The objects of the API as they are documented: attributes in their order on the wire, with their JSON types. `?` is
 * null as well; braces and brackets hold what is in them. What we answer beyond these comes as an addition.
 */
export interface Shape {
  object: string
  /** Where the same name means several things: in which tree, or beside what. */
  tree: 'client' | 'application'
  variant?: string
  attributes: string
}

const user = 'uuid:str username:str email:str image:str 2fa_enabled:bool created_at:ts'
const limits = '{memory:int swap:int disk:int io:int cpu:int threads:str? oom_disabled:bool}'
const featureLimits = '{databases:int? allocations:int? backups:int}'
const variable =
  'id:int egg_id:int name:str description:str env_variable:str default_value:str user_viewable:bool user_editable:bool rules:str created_at:micro updated_at:micro'

export const SHAPES: Shape[] = [
  {
    object: 'user',
    tree: 'client',
    variant: 'account',
    attributes: 'id:int admin:bool username:str email:str first_name:str last_name:str language:str',
  },
  { object: 'user', tree: 'client', attributes: user },
  {
    object: 'user',
    tree: 'application',
    attributes:
      'id:int external_id:str? uuid:str username:str email:str first_name:str last_name:str language:str root_admin:bool 2fa:bool created_at:ts updated_at:ts',
  },
  {
    object: 'server',
    tree: 'client',
    attributes: `server_owner:bool identifier:str internal_id:int uuid:str name:str node:str is_node_under_maintenance:bool sftp_details:{ip:str port:int} description:str limits:${limits} invocation:str docker_image:str egg_features:[str]? feature_limits:${featureLimits} status:str? is_suspended:bool is_installing:bool is_transferring:bool`,
  },
  {
    object: 'server',
    tree: 'application',
    attributes: `id:int external_id:str? uuid:str identifier:str name:str description:str status:str? suspended:bool limits:${limits} feature_limits:${featureLimits} user:int node:int allocation:int nest:int egg:int container:{startup_command:str image:str installed:int environment:{}} updated_at:ts created_at:ts`,
  },
  {
    object: 'allocation',
    tree: 'client',
    attributes: 'id:int ip:str ip_alias:str? port:int notes:str? is_default:bool',
  },
  {
    object: 'allocation',
    tree: 'application',
    attributes: 'id:int ip:str alias:str? port:int notes:str? assigned:bool',
  },
  {
    object: 'node',
    tree: 'application',
    attributes:
      'id:int uuid:str public:bool name:str description:str? location_id:int fqdn:str scheme:str behind_proxy:bool maintenance_mode:bool memory:int memory_overallocate:int disk:int disk_overallocate:int upload_size:int daemon_listen:int daemon_sftp:int daemon_base:str created_at:ts updated_at:ts allocated_resources:{memory:int disk:int}',
  },
  { object: 'location', tree: 'application', attributes: 'id:int short:str long:str? updated_at:ts created_at:ts' },
  {
    object: 'nest',
    tree: 'application',
    attributes: 'id:int uuid:str author:str name:str description:str? created_at:ts updated_at:ts',
  },
  {
    object: 'egg',
    tree: 'application',
    attributes:
      'id:int uuid:str name:str nest:int author:str description:str? docker_image:str docker_images:{} config:{files:{} startup:{}? stop:str? logs:any file_denylist:[str]? extends:int?} startup:str script:{privileged:bool install:str? entry:str container:str extends:int?} created_at:ts updated_at:ts',
  },
  { object: 'egg', tree: 'client', attributes: 'uuid:str name:str' },
  {
    object: 'egg_variable',
    tree: 'client',
    attributes:
      'name:str description:str env_variable:str default_value:str server_value:str? is_editable:bool rules:str',
  },
  { object: 'egg_variable', tree: 'application', attributes: variable },
  { object: 'server_variable', tree: 'application', attributes: `${variable} server_value:str?` },
  {
    object: 'server_database',
    tree: 'client',
    attributes: 'id:str host:{address:str port:int} name:str username:str connections_from:str max_connections:int?',
  },
  {
    object: 'server_database',
    tree: 'application',
    attributes:
      'id:int server:int host:int database:str username:str remote:str max_connections:int? created_at:ts updated_at:ts',
  },
  {
    object: 'databases',
    tree: 'application',
    attributes:
      'id:int server:int host:int database:str username:str remote:str max_connections:int? created_at:ts updated_at:ts',
  },
  { object: 'database_password', tree: 'client', attributes: 'password:str' },
  { object: 'database_password', tree: 'application', attributes: 'password:str' },
  {
    object: 'database_host',
    tree: 'application',
    attributes: 'id:int name:str host:str port:int username:str node:int? created_at:ts updated_at:ts',
  },
  {
    object: 'backup',
    tree: 'client',
    attributes:
      'uuid:str is_successful:bool is_locked:bool name:str ignored_files:[str] checksum:str? bytes:int created_at:ts completed_at:ts?',
  },
  {
    object: 'server_schedule',
    tree: 'client',
    attributes:
      'id:int name:str cron:{day_of_week:str day_of_month:str month:str hour:str minute:str} is_active:bool is_processing:bool only_when_online:bool last_run_at:ts? next_run_at:ts? created_at:ts updated_at:ts',
  },
  {
    object: 'schedule_task',
    tree: 'client',
    attributes:
      'id:int sequence_id:int action:str payload:str time_offset:int is_queued:bool continue_on_failure:bool created_at:ts updated_at:ts',
  },
  { object: 'server_subuser', tree: 'client', attributes: `${user} permissions:[str]` },
  {
    object: 'subuser',
    tree: 'application',
    attributes: 'id:int user_id:int server_id:int permissions:[str] created_at:ts updated_at:ts',
  },
  {
    object: 'api_key',
    tree: 'client',
    attributes: 'identifier:str description:str allowed_ips:[str] last_used_at:ts? created_at:ts',
  },
  { object: 'ssh_key', tree: 'client', attributes: 'name:str fingerprint:str public_key:str created_at:ts' },
  { object: 'recovery_tokens', tree: 'client', attributes: 'tokens:[str]' },
  {
    object: 'activity_log',
    tree: 'client',
    attributes:
      'id:str batch:str? event:str is_api:bool ip:str? description:str? properties:{} has_additional_metadata:bool timestamp:ts',
  },
  {
    object: 'file_object',
    tree: 'client',
    attributes:
      'name:str mode:str mode_bits:str size:int is_file:bool is_symlink:bool mimetype:str created_at:ts modified_at:ts',
  },
  {
    object: 'stats',
    tree: 'client',
    attributes:
      'current_state:str is_suspended:bool resources:{memory_bytes:int cpu_absolute:num disk_bytes:int network_rx_bytes:int network_tx_bytes:int uptime:int}',
  },
  { object: 'signed_url', tree: 'client', attributes: 'url:str' },
  { object: 'system_permissions', tree: 'client', attributes: 'permissions:{}' },
  {
    object: 'mount',
    tree: 'application',
    attributes: 'id:int uuid:str name:str description:str? source:str target:str read_only:bool user_mountable:bool',
  },
  { object: 'role', tree: 'application', attributes: 'id:int name:str created_at:ts updated_at:ts' },
]
