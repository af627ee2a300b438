/**
 * A registration on `http://localhost:3000` that answers `challenge` and would be right but for one thing: its statement, of the
 * format `android-key`, brings a root certificate of its own, by which the certificate of the key names
 * `http://crl.invalid/list.crl` as its list of revoked ones. Certificates until 2126.
 */
export const ANDROID_KEY_ATTESTATION = {
  challenge: 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc',
  id: 'AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE',
  clientDataJSON: [
    'eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiQndjSEJ3Y0hCd2NIQndjSEJ3Y0hCd2NIQndjSEJ3Y0hCd2NIQndjSEJ3YyIsIm9yaWdp',
    'biI6Imh0dHA6Ly9sb2NhbGhvc3Q6MzAwMCIsImNyb3NzT3JpZ2luIjpmYWxzZX0',
  ].join(''),
  attestationObject: [
    'o2NmbXRrYW5kcm9pZC1rZXlnYXR0U3RtdKNjYWxnJmNzaWdYRjBEAiBXY9tefpEuU7Gk8IKvFCHnqU6F-iddWzEzo5yRqgoJZAIgaanICTVLrdk6HNTKnbwx',
    'n1PVxWr4OlYhvjuHuTM5UwNjeDVjglkBhzCCAYMwggEqoAMCAQICAQIwCgYIKoZIzj0EAwIwDzENMAsGA1UEAxMEUm9vdDAgFw0yNjAxMDEwMDAwMDBaGA8y',
    'MTI2MDEwMTAwMDAwMFowDjEMMAoGA1UEAxMDS2V5MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEZymVqjg3PYeimE-AbSsXYYVD1374roK2p6Ov4S-oXutu',
    'B5t3R3xmJyWoIJWTgNffu4CyVn5VcvGCTMZwg0IfI6N2MHQwLAYDVR0fBCUwIzAhoB-gHYYbaHR0cDovL2NybC5pbnZhbGlkL2xpc3QuY3JsMEQGCisGAQQB',
    '1nkCAREENjA0AgEDCgEAAgEECgEABCB4Wylyrd_dPNFiJp8_rpAPxV4M3eKMDe35OqcZAyGCxQQAMAAwADAKBggqhkjOPQQDAgNHADBEAiBz45dshDwUyxy3',
    't19hZP02MniBxSKIYxVRpyE9ofr11QIgN0TrxVPWhagUMhgGY9vH3qus7prWgfezCPS_7Vy9TYFZASgwggEkMIHLoAMCAQICAQEwCgYIKoZIzj0EAwIwDzEN',
    'MAsGA1UEAxMEUm9vdDAgFw0yNjAxMDEwMDAwMDBaGA8yMTI2MDEwMTAwMDAwMFowDzENMAsGA1UEAxMEUm9vdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA',
    'BENdr0i5ORRHwPVs7PHwgTBgHBeJxVzkhHW9EhMW77P3vY58hn3YbrwQCMYte3Wbx2zu9PPyHVB5aKgVL18oweejFjAUMBIGA1UdEwEB_wQIMAYBAf8CAQIw',
    'CgYIKoZIzj0EAwIDSAAwRQIhAO-iwxhDH_jztOOeb6gdBAvoaZZtb_Ed5JMngyRO9itRAiBA9_v8EVawsf5nngeY7_ftugVkVExd2N8BzeyHWnK1C2hhdXRo',
    'RGF0YVikSZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2NFAAAAAAAAAAAAAAAAAAAAAAAAAAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB',
    'AQEBpQECAyYgASFYIGcplao4Nz2HophPgG0rF2GFQ9d--K6Ctqejr-EvqF7rIlggbgebd0d8ZiclqCCVk4DX37uAslZ-VXLxgkzGcINCHyM',
  ].join(''),
};
