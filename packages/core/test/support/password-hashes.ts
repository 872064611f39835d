/** A hash that other software made. */
export interface Vector {
  /** The software and its version, or where the vector is published. */
  readonly maker: string
  readonly password: string
  readonly hash: string
}

/** The parameters of Firebase's sample project: README of github.com/firebase/scrypt. */
export const SAMPLE_PROJECT = {
  signerKey:
    'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==',
  saltSeparator: 'Bw==',
  rounds: 8,
  memCost: 14,
}

/** Not ASCII, and in NFC: what the software below got as UTF-8. */
const PASSWORD = 'correct horse bättery ✓'

const WERKZEUG = 'Werkzeug 3.1.9, generate_password_hash'
const DJANGO = 'Django 5.2.17, make_password'
const PASSLIB = 'passlib 1.7.4'

function by(maker: string, hashes: readonly string[], password = PASSWORD): readonly Vector[] {
  return hashes.map((hash) => ({ maker, password, hash }))
}

/** Every form, as cheap as the software makes it. */
export const cheapVectors: readonly Vector[] = [
  ...by('bcrypt 5.0.0 for Python', [
    '$2a$05$aBO21j9fyuS86o0hE.Jn7OVkOQ7h8Bk98.lD3AKF9NSf/xqN1wvq6',
    '$2b$05$acr9X4CtkmnJqE83Fe7AyuP.BydbQTN8CS4vRhLlxD8wN5qM6iYZ2',
    '$2y$05$zR7t8zcd3eUHNX8u5NzrLefTg03b4Syd00BANTxmZkgkPS/4htiGK',
  ]),
  ...by('crypt() of libxcrypt 4.4', [
    '$2y$05$CCCCCCCCCCCCCCCCCCCCC./2harE7Hi9a9o8sDkAJN8DxtXUhezk.',
  ]),
  ...by(
    'crypt_blowfish 1.3, tests in wrapper.c',
    ['$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    'U*U',
  ),
  ...by(
    'the PHP manual, password_verify',
    ['$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq'],
    'rasmuslerdorf',
  ),
  ...by(WERKZEUG, [
    'pbkdf2:sha1:1000$AQzfUpwMn4SPKrID$e0df941e0d63edf34c080803d5d9f7c382021539',
    'pbkdf2:sha512:1000$g18e4u1NNHE51pRE$c787e33225cf41bce103dc20b73ee6498cdf8a8aad52559e62e4028df5ee79c083cc32204686c9a14e8164fc2098b6dc4cb07337a07db50e88171ef6ebce9fbc',
    'scrypt:1024:8:1$Ek4GwrahUWl8Ko5O$e7affe77a716d6395435d53de83a6338bab34963bd55be609078055023cffa48d92ae5b677d4bf08ad815ed945a2b2359000110009a8b637d20d3057205570bc',
  ]),
  ...by('Django 5.2.17, its hashers with little work', [
    'pbkdf2_sha256$1000$seasalt$LyBtI+Jr90GfckIM7bnT9dMoOALyJeXfyqLEYkvGmnc=',
    'pbkdf2_sha1$1000$seasalt$zQvv+09aRJrya6k6/3yuGjqobmU=',
    'scrypt$1024$seasalt$8$1$vB53/2UhpdoOPLz0ylsg8AwRzd215fMqk3CfCzazEpKK0qiuKZgfLtOh4T5mRrMVVhX5WydfoM1Bk8EJKAmp5g==',
    'argon2$argon2id$v=19$m=64,t=1,p=2$c2Vhc2FsdHNlYXNhbHQ$wLWvpTOqft6L4ssFI/k741NKVSPMWsk4cJDvOZVwkCM',
    'bcrypt$$2b$05$FBxQyKTJaLpIy/7TAz.9lO75rl8D0rYy3fwCwDAYS4/KYyDWLAeuW',
    'bcrypt_sha256$$2b$05$CFipIygj58VZIsQEMakNRuT8K0vSPRqNb4oucNS1ZkN5k.Amy86Li',
  ]),
  ...by(PASSLIB, [
    '$pbkdf2$1000$QSgFQOgdI.QcQyglBECIMQ$AKOl.HDnwi.hhrMNuwcDGZZUfnw',
    '$pbkdf2-sha256$1000$1XpvjRECIAQAYOz9X.v9Xw$IvnWz77bBCXDENF04.N18LO8IdfIVe8wPZXyTrwlcwM',
    '$pbkdf2-sha256$1000$$aUx/gARDSAbamdEjMhNDl3PMOvkbEvR/ydS7OdwVbEk',
    '$pbkdf2-sha512$1000$D.HcuxdiDEGIUQrBOMc4Bw$itBeDGEC6WPHk8L9TTXdWABIC3NZ/2hYGE8IbFErooS1YkaQe8fT7Y12SJ5fkG/UAEEnCEyISQaDM.Sck2PIsg',
    '$scrypt$ln=10,r=8,p=1$yJlTCkHofY+RMqb0ntO6dw$/LeeShf++WcH15AY4LXjmd5tirv6aIYQq8ocRrVwjbk',
    '$argon2i$v=19$m=64,t=2,p=2$OuccI6S0tta6t/YeQyjl/A$a9eLUtvj3/5NEk+Yq9OQJd3yAEXLQVgGfFyUH2TJqQc',
    '$argon2d$v=19$m=64,t=2,p=2$8/5f653Teo9xLkXonbP2Hg$eeWNnHfkq9i3kCye0oUDAzj/XGSmBU2PVPY34nGvUMw',
  ]),
  ...by(
    'the documentation of passlib, pbkdf2_sha256',
    ['$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44'],
    'password',
  ),
  ...by('argon2-cffi 25.1.0, hash_secret with version 16', [
    '$argon2i$v=16$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$QhVP0eOR9qUb3bXephO6UyeFk14rfAGV4js6PikLb50',
    '$argon2d$v=16$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$W5lopyicILyYC02uxTXqmecwREIDHWEmhEAMgfZWSOM',
    '$argon2id$v=16$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$3ziiKN09kM5WARbpGOY5vqHRhofhv+9QFdLVso6iUu8',
  ]),
  ...by(
    'phc-winner-argon2, src/test.c, version 16 by no number',
    ['$argon2i$m=256,t=2,p=2$c29tZXNhbHQ$tsEVYKap1h6scGt5ovl9aLRGOqOth+AMB+KwHpDFZPs'],
    'password',
  ),
]

/** Firebase's sample user, who has the same README. */
export const firebaseVector: Vector = {
  maker: 'README of github.com/firebase/scrypt',
  password: 'user1password',
  hash: 'firebase-scrypt$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
}

/** What the software makes when it is not told otherwise. */
export const defaultVectors: readonly Vector[] = [
  ...by('bcrypt 5.0.0 for Python', [
    '$2b$12$lvyeZwmFn/HhyFdRyMhbXeLeC7aTvIxZzk47TepzGs.PYQsW1Wuq2',
  ]),
  ...by(WERKZEUG, [
    'pbkdf2:sha256:260000$40nEhhkwXTwuWMV4$f7ebb7422b483f543d8cfea5b18f1056541b3c3ba4f39865f17aec12c20999c1',
    'pbkdf2:sha256:1000000$DLtograIQWoDSSMX$e9045b0772e8cc1c41dd5aec4a70c6dfd8691108d445d9fb43e7142f83fb441a',
    'scrypt:32768:8:1$GnvGdyl4pkSQOHau$b0cef63e6aba9326b7b131b6f1d46fedd1c9ee587913258cde95cb204c26ebc13aaeed14b7e4b493446f0d83d27dcb3d8bff93d93391bcc32e265d34d3e9b4c4',
  ]),
  ...by(DJANGO, [
    'pbkdf2_sha256$1000000$nYNoA7Xiv7sY9uZcVwJEl5$IiDYX42zXsfWZv+Hty2bfkmtLm0/6tCD4141vbAYwVA=',
    'pbkdf2_sha1$1000000$NCXQDEFJ2zaLHDGc7FSmet$1nGcCW/4BVKHpr1VdoAVNp66gJA=',
    'argon2$argon2id$v=19$m=102400,t=2,p=8$M2FTS2oxd2hkWU14RjZJMllOdDBXQQ$s7jswA2pn4OAC7cLSnuyiZEVN1CDfmUq0CmEiKeIE/Y',
    'bcrypt$$2b$12$Q9hMlGQYIJ77uq4R7XWeHuolB.zAYHAMrr0NhhK79bWR0fJYDIUaq',
    'bcrypt_sha256$$2b$12$U3HoI83tmvypoiytJshMZu4ApCPpEDUZmEs9dVeto4FQ9Ubk5kZey',
    'scrypt$16384$cG7nY0Su03L8HX7V6rrM8f$8$5$zCiW+ZSj39xvAHyvx7Rx4TYf2gpQkTRoTfubof6HW255qj7TzxWZuvC5hotIwx+8mpaOPES/pq3jBdE4JEH1tg==',
  ]),
  ...by(PASSLIB, [
    '$pbkdf2$131000$K2XM.V9LCSFEiLG2VgrhvA$t1T3c1GYX0QDx5Km8UNEaXVqhpM',
    '$pbkdf2-sha256$29000$/7/Xes/Zu5fSuvc.p9Qagw$7Yw0fUjjlGMnEA6DGGwzZV5dl1dsFYXMEX7WM7SrJys',
    '$pbkdf2-sha512$25000$hpAy5vwfY2wt5Xzv3dubsw$9/cy1NZEl.TLp7Tk13swAosh5vgv.BSi52VEq0r7q9jmB2ysIGeth1Rkeym11AJORHVEzvsbXt9nkRdil3Qmqg',
    '$scrypt$ln=16,r=8,p=1$J2QsJeS8V8r5nzNGKIUwxg$cr8kZmS+e97kl7YII+uDiEKoL37CDUzR1w8yzwCGJC4',
  ]),
]

/** argon2id as we write it, but by others. */
export const argon2idVectors: readonly Vector[] = [
  ...by(PASSLIB, [
    '$argon2id$v=19$m=65536,t=3,p=4$U+odY0ypdS7l/N+7t7bW+g$Qxg+MuxxKUqsdz5S6zBzKTdWEzYwc26gliACQgUzOPY',
  ]),
  ...by('argon2-cffi 25.1.0, PasswordHasher', [
    '$argon2id$v=19$m=65536,t=3,p=4$8RCCFXUsg4Y3T9BtXx/wCg$7r45lVv3wJvsyrKvPBknXAsAJ55hSIcJm/mt3Q1Rsjo',
  ]),
]

/** bcrypt of a password as long as it can look at: `é` 36 times, 72 bytes. bcrypt 5.0.0 for Python. */
export const LONGEST_BCRYPT = '$2b$05$BYg8wvHvPsDyDv0P3a2vfOzClMd5EvIx./5wJrmn31GIyGxPmkii.'

/** `é` 100 times, hashed with SHA-256 before bcrypt sees it. Django 5.2.17. */
export const LONG_BCRYPT_SHA256 =
  'bcrypt_sha256$$2b$05$4gHgvlJqoQSVPopGElEFF.w0iDT4wLd/eXeLqQPi0Vd5O8MfkT9eO'
