import { unmatched } from '#server/http/unmatched'

/** Else the page's HTML would answer. (With a name in its brackets it would miss wrong methods.) */
export default unmatched
