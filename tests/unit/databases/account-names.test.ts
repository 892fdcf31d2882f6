import { describe, expect, it } from 'vitest'
import { databaseNameOf, newPassword, newUsername } from '#server/services/databases/account-names'

describe('names of databases and their accounts', () => {
  it('say whose they are, and are cut to what is stored', () => {
    expect(databaseNameOf('12', 'shop')).toBe('s12_shop')
    expect(databaseNameOf('12', 'x'.repeat(48))).toBe(`s12_${'x'.repeat(44)}`)
    expect(newUsername('12')).toMatch(/^u12_[A-Za-z0-9]{10}$/)
  })

  it('come with a password of 24 characters, of which two to six are no letters', () => {
    const counts = Array.from({ length: 300 }, () => {
      const password = newPassword()
      expect(password).toMatch(/^[A-Za-z0-9!@=.+^]{24}$/)
      return password.replace(/[A-Za-z0-9]/g, '').length
    })
    expect([Math.min(...counts), Math.max(...counts)]).toEqual([2, 6])
  })
})
