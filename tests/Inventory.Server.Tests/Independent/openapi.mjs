// Judges an OpenAPI document by the specification's own JSON schema: node openapi.mjs URL
import { Validator } from '@seriousme/openapi-schema-validator';

const document = await (await fetch(process.argv[2])).json();
const validator = new Validator();
const { valid, errors } = await validator.validate(document);
console.log(valid ? `${validator.version} valid` : JSON.stringify(errors, null, 2));
