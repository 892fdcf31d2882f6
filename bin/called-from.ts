/** The folder in which the command was given; npm runs scripts in the project's and names the other. */
export const calledFrom = process.env.INIT_CWD ?? process.cwd()
