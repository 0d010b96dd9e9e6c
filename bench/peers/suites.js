/** Digital Bazaar's cryptosuites, to verify with and to issue with. */
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {createSignCryptosuite, createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite as ecdsaRdfc} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import {cryptosuite as eddsaRdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';

const SIGNING = {
  'eddsa-rdfc-2022': () => eddsaRdfc,
  'ecdsa-rdfc-2019': () => ecdsaRdfc,
  'eddsa-jcs-2022': createSignCryptosuite
};

/** The suites that proofs are verified with; the library takes the one that fits. */
export function verifying(name) {
  const cryptosuites = [eddsaRdfc, ecdsaRdfc, createVerifyCryptosuite()];
  return cryptosuites.filter(each => !name || each.name === name)
    .map(cryptosuite => new DataIntegrityProof({cryptosuite}));
}

/** The suite that signs with a key pair: id, controller, publicKeyMultibase and secretKeyMultibase. */
export async function signing(name, pair, date) {
  const kind = name.startsWith('ecdsa') ? EcdsaMultikey : Ed25519Multikey;
  const key = await kind.from({'@context': 'https://w3id.org/security/multikey/v1', type: 'Multikey', ...pair});
  return new DataIntegrityProof({signer: key.signer(), date, cryptosuite: SIGNING[name]()});
}
