/**
 * All that we take of digitalocean-js. In what is published this file is a bundle with the library and a current axios
 * inside: npm gives those who install us the axios of 2021 that the library asks for.
 */
export { DigitalOcean } from "digitalocean-js";
export { instance } from "digitalocean-js/src/lib/axios-instance.js";
