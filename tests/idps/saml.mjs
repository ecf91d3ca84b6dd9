// An identity provider by `samlp` on loopback: it publishes metadata, asks who somebody is by a form, and answers by a
// form that sends itself where scripts run. Chosen by one JSON argument; what it says first is its address.
import { createServer } from "node:http";

import samlp from "samlp";

const { key, cert, people, options } = JSON.parse(process.argv[2]);

// samlp speaks to what Express hands it.
function dress(request, response) {
  const url = new URL(request.url, `http://${request.headers.host}`);
  request.query = Object.fromEntries(url.searchParams);
  request.originalUrl = request.url;
  request.protocol = "http";
  response.set = (name, value) => response.setHeader(name, value);
  response.send = (body) => (typeof body === "number" ? response.writeHead(body).end() : response.end(body));
  return url;
}

const escape = (text = "") => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

const login = ({ SAMLRequest, RelayState }) => `<form method="get" action="/sso">
  <input type="hidden" name="SAMLRequest" value="${escape(SAMLRequest)}">
  <input type="hidden" name="RelayState" value="${escape(RelayState)}">
  <input name="login"></form>`;

const server = createServer((request, response) => {
  const url = dress(request, response);
  const issuer = `urn:samlp:${server.address().port}`;
  const failed = (error) => response.writeHead(500).end(String(error));
  if (url.pathname === "/metadata") {
    return samlp.metadata({ issuer, cert, redirectEndpointPath: "/sso", postEndpointPath: "/sso" })(request, response);
  }
  const person = people[request.query.login];
  if (!person) {
    response.setHeader("content-type", "text/html");
    return response.end(login(request.query));
  }
  samlp.parseRequest(request, (error, asked) => {
    if (error) {
      return failed(error);
    }
    const acs = asked.assertionConsumerServiceURL;
    const given = {
      issuer,
      cert,
      key,
      recipient: acs,
      destination: acs,
      getPostURL: (_audience, _document, _request, done) => done(null, acs),
      getUserFromRequest: () => person,
      ...options,
    };
    if (person.denied) {
      const error = { code: "urn:oasis:names:tc:SAML:2.0:status:Responder", description: "Not you." };
      const relay = { RelayState: request.query.RelayState, inResponseTo: asked.id };
      return samlp.sendError({ ...given, ...relay, error, getPostURL: (_, done) => done(null, acs) })(request, response, failed);
    }
    samlp.auth(given)(request, response, failed);
  });
});

server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
