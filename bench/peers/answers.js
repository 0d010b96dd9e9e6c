/** What the peers can be asked. Each answer is plain JSON; what a peer throws becomes {verified: false, words}. */
import './offline.js';
import * as jose from 'jose';
import * as vc from '@digitalbazaar/vc';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {verifyCredential} from '@digitalcredentials/verifier-core';
import {documentLoader, know} from './offline.js';
import {signing, verifying} from './suites.js';

export const answers = {
  know: async ({documents}) => know(documents),

  /** @digitalbazaar/vc: every proof of the document, and its status unless it is trusted to stand. */
  'vc verify': async ({credential, trusting}) => {
    const names = new Set([].concat(credential.proof).map(each => each.cryptosuite));
    const suite = [...names].flatMap(name => verifying(name));
    const result = await vc.verifyCredential({credential, suite, documentLoader, checkStatus: trusting ? standing : status});
    // The library tells that the status was read; what it says is for whoever asked.
    const marked = result.statusResult?.results?.some(each => each.status) ?? false;
    return {verified: result.verified && !marked, words: marked ? 'revoked' : said(result)};
  },

  'vc issue': async ({credential, cryptosuite, pair, date}) => {
    const suite = await signing(cryptosuite, pair, date);
    return vc.issue({credential, suite, documentLoader});
  },

  /** A presentation of its holder, whose key is its own name. */
  'vc present': async ({credential, holder, pair, challenge, domain}) => {
    const suite = await signing('eddsa-rdfc-2022', pair);
    const presentation = vc.createPresentation({verifiableCredential: credential, holder, version: 2.0, verify: false});
    return vc.signPresentation({presentation, suite, challenge, domain, documentLoader});
  },

  /** @digitalcredentials/verifier-core answers in steps and gives no verdict: all of them must be valid. */
  'verifier-core verify': async ({credential}) => {
    const result = await verifyCredential({credential, knownDIDRegistries: []});
    const steps = (result.log ?? []).filter(each => each.id !== 'registered_issuer');
    const verified = !result.errors && steps.length > 0 && steps.every(each => each.valid === true);
    return {verified, words: JSON.stringify({errors: result.errors, log: result.log})};
  },

  'jose verify': async ({token, jwk}) => {
    const {payload} = await jose.jwtVerify(token, await jose.importJWK(jwk, jose.decodeProtectedHeader(token).alg));
    return {verified: true, words: payload.jti};
  },

  'jose issue': async ({payload, header, jwk}) =>
    new jose.SignJWT(payload).setProtectedHeader(header).sign(await jose.importJWK(jwk, header.alg)),

  /** How many of one request a second: `count` of them, one after the other. */
  rate: async ({count, of}) => {
    const work = answers[of.ask];
    const first = await work(structuredClone(of));
    const began = performance.now();
    for(let done = 0; done < count; done++) {
      await work(structuredClone(of));
    }
    return {per_second: count / ((performance.now() - began) / 1000), first};
  }
};

async function standing() {
  return {verified: true};
}

function status(options) {
  // The list's issuer is checked by its proof, as the credential's is.
  return checkStatus({...options, suite: verifying('eddsa-rdfc-2022'), documentLoader});
}

function said(result) {
  const errors = [result.error, result.statusResult?.error].filter(Boolean);
  return errors.flatMap(error => [error, ...(error.errors ?? [])]).map(error => error.message).join('; ');
}
