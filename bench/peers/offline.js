/** What the verifiers may look up: the documents that we hand them, by URL, and nothing from any network. */
import {webcrypto} from 'node:crypto';

// Node.js 18, which Debian 12 has, does not offer it by itself.
globalThis.crypto ??= webcrypto;

const documents = new Map();

/** Makes documents known; later ones replace earlier ones of the same URL. */
export function know(given) {
  for(const [url, document] of Object.entries(given)) {
    documents.set(url, document);
  }
}

/** Finds a document as JSON-LD processors ask for it. */
export async function documentLoader(url) {
  const document = documents.get(url);
  if(document === undefined) {
    throw new Error(`NotFoundError: ${url} was not handed over`);
  }
  return {contextUrl: null, documentUrl: url, document: structuredClone(document)};
}

// verifier-core builds its own loader, which fetches: it gets the same documents.
globalThis.fetch = async resource => {
  const url = typeof resource === 'string' ? resource : resource.url;
  const found = documents.has(url);
  return new Response(found ? JSON.stringify(documents.get(url)) : '', {
    status: found ? 200 : 404, headers: {'content-type': 'application/json'}
  });
};
