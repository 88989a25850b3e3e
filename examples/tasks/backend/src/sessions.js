// Users, passwords and session tokens. The token is in an HttpOnly cookie, so scripts of the site cannot read it.

import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { parse } from 'cookie';
import { Router } from 'express';
import jwt from 'jsonwebtoken';
import { HttpError } from './errors.js';
import { User } from './models.js';
import { credentials, validate } from './validation.js';

const COOKIE = 'session';
const SESSION_SECONDS = 12 * 60 * 60;
const ALGORITHM = 'HS256';
const DUPLICATE_KEY = 11_000;

const derive = promisify(scrypt);

async function hashPassword(password, salt = randomBytes(16)) {
  const key = await derive(password, salt, 32);
  return `${salt.toString('base64')}:${key.toString('base64')}`;
}

async function passwordMatches(password, stored) {
  const [salt] = stored.split(':');
  const computed = await hashPassword(password, Buffer.from(salt, 'base64'));
  return timingSafeEqual(Buffer.from(computed), Buffer.from(stored));
}

// A sign-in with an unknown e-mail address takes as long as one with a wrong password.
const UNKNOWN_USER = await hashPassword(randomBytes(16).toString('hex'));

/** Return the routes that create users and sessions. */
export function sessionRoutes(settings) {
  const cookie = {
    httpOnly: true,
    sameSite: 'strict',
    secure: settings.NODE_ENV === 'production',
    path: '/',
  };
  const startSession = (response, user) => {
    const token = jwt.sign({}, settings.JWT_SECRET, {
      subject: String(user._id),
      algorithm: ALGORITHM,
      expiresIn: SESSION_SECONDS,
    });
    response.cookie(COOKIE, token, { ...cookie, maxAge: SESSION_SECONDS * 1_000 });
    response.status(201).json({ id: String(user._id), email: user.email });
  };
  const routes = Router();

  routes.post('/users', async (request, response) => {
    const { email, password } = validate(credentials, request.body);
    try {
      startSession(response, await User.create({ email, passwordHash: await hashPassword(password) }));
    } catch (error) {
      if (error.code === DUPLICATE_KEY) throw new HttpError(409, 'A user with this e-mail address exists.');
      throw error;
    }
  });

  routes.post('/sessions', async (request, response) => {
    const { email, password } = validate(credentials, request.body);
    const user = await User.findOne({ email }).lean();
    const matches = await passwordMatches(password, user?.passwordHash ?? UNKNOWN_USER);
    if (user === null || !matches) throw new HttpError(401, 'The e-mail address or the password is wrong.');
    startSession(response, user);
  });

  routes.delete('/sessions', (_request, response) => {
    response.clearCookie(COOKIE, cookie).status(204).end();
  });

  return routes;
}

/** Return the middleware that sets request.user, or rejects the request with status 401. */
export function requireSession(settings) {
  const keys = [settings.JWT_SECRET, settings.JWT_SECRET_PREVIOUS, settings.JWT_SECRET_NEXT].filter(Boolean);
  return (request, _response, next) => {
    const token = parse(request.get('Cookie') ?? '')[COOKIE] ?? '';
    for (const key of keys) {
      try {
        request.user = { id: jwt.verify(token, key, { algorithms: [ALGORITHM] }).sub };
        next();
        return;
      } catch {
        // Another of the three keys may have signed the token.
      }
    }
    throw new HttpError(401, 'Sign in first.');
  };
}
