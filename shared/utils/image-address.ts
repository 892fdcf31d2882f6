/** Where the pages find an uploaded image: our own address, never somebody else's. */
export const imageAddress = (id: string | null): string | null => (id === null ? null : `/api/client/images/${id}`)
