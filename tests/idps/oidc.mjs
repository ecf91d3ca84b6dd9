// An OpenID provider by `oidc-provider`, certified by the OpenID Foundation, on loopback. It is strict: PKCE is
// required, redirect URIs and the way of authenticating have to be those that the client was registered with, and
// claims about the person come from userinfo. Chosen by one JSON argument; what it says first is its address.
import { createServer } from "node:http";

import { exportJWK, generateKeyPair } from "jose";
import Provider from "oidc-provider";

const { client, people, algorithm, authMethod, claimsInToken } = JSON.parse(process.argv[2]);

// Development warnings are for people who run this, not for the log of the tests.
console.info = console.warn = () => {};

async function key(alg) {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), use: "sig", alg, kid: `key-${alg}` };
}

const server = createServer();
server.listen(0, "127.0.0.1", async () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const algorithms = [...new Set(["RS256", algorithm])];
  const provider = new Provider(issuer, {
    clients: [
      {
        ...client,
        token_endpoint_auth_method: authMethod,
        id_token_signed_response_alg: algorithm,
        response_types: ["code"],
        grant_types: ["authorization_code"],
      },
    ],
    clientAuthMethods: [authMethod],
    enabledJWA: { idTokenSigningAlgValues: algorithms },
    jwks: { keys: await Promise.all(algorithms.map(key)) },
    pkce: { required: () => true },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "given_name", "family_name"] },
    conformIdTokenClaims: !claimsInToken,
    cookies: { keys: ["only-for-tests"] },
    features: { devInteractions: { enabled: true } },
    findAccount: async (_, id) =>
      people[id] && { accountId: id, claims: async () => ({ sub: id, ...people[id] }) },
  });
  server.on("request", provider.callback());
  console.log(issuer);
});
