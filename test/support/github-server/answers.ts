import type { Answer } from "../openapi/mock.ts";

/** A key as the API keeps it: the type and the key, whatever comment it came with. */
export type FakeKey = {
  id: number;
  title: string;
  key: string;
  isReadOnly: boolean;
  createdAt: string;
  /** The token that registered it: the key dies with it. */
  token: string;
};

export type FakeRepo = {
  readonly owner: string;
  readonly name: string;
  isPrivate: boolean;
  defaultBranch: string;
  /** Whether the token's owner is an administrator. */
  isAdmin: boolean;
  /** Whether the token has the permission Administration, and if so which half. */
  administration: "write" | "read" | "none";
  /** The organisation's policy. */
  takesDeployKeys: boolean;
  runsActions: boolean;
  /** Types of rules on the coordination branch. */
  rules: string[];
  /** Classic protection of that branch; nothing: none. */
  protection?: { allowsForcePushes: boolean };
  keys: FakeKey[];
};

export function refusal(status: number, message: string, headers: Record<string, string> = {}): Answer {
  const documentation_url = "https://docs.github.com/rest";
  return { status, headers, body: { message, documentation_url, status: String(status) } };
}

export function invalid(message: string): Answer {
  const errors = [{ resource: "PublicKey", code: "custom", field: "key", message }];
  const documentation_url = "https://docs.github.com/rest/deploy-keys/deploy-keys#create-a-deploy-key";
  return { status: 422, body: { message: "Validation Failed", errors, documentation_url } };
}

export function keyView(repo: FakeRepo, { id, title, key, isReadOnly, createdAt }: FakeKey): object {
  return {
    id,
    key,
    title,
    url: `${addressOf(repo)}/keys/${id}`,
    verified: true,
    created_at: createdAt,
    read_only: isReadOnly,
    added_by: repo.owner,
    last_used: null,
    enabled: true,
  };
}

export function repoView(repo: FakeRepo): object {
  const { owner, name, isPrivate, defaultBranch, isAdmin } = repo;
  const api = addressOf(repo);
  const page = `https://github.com/${owner}/${name}`;
  const below = (names: string[]) => Object.fromEntries(names.map((one) => [`${one}_url`, `${api}/${one}`]));
  const none = (names: string[]) => Object.fromEntries(names.map((one) => [one, 0]));
  return {
    id: 4711,
    node_id: "R_4711",
    name,
    full_name: `${owner}/${name}`,
    owner: userView(owner),
    private: isPrivate,
    html_url: page,
    description: null,
    fork: false,
    url: api,
    ...below([
      "archive",
      "assignees",
      "blobs",
      "branches",
      "collaborators",
      "comments",
      "commits",
      "compare",
    ]),
    ...below(["contents", "contributors", "deployments", "downloads", "events", "forks", "git_commits"]),
    ...below(["git_refs", "git_tags", "hooks", "issue_comment", "issue_events", "issues", "keys", "labels"]),
    ...below(["languages", "merges", "milestones", "notifications", "pulls", "releases", "stargazers"]),
    ...below(["statuses", "subscribers", "subscription", "tags", "teams", "trees"]),
    clone_url: `${page}.git`,
    git_url: `git://github.com/${owner}/${name}.git`,
    ssh_url: `git@github.com:${owner}/${name}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    default_branch: defaultBranch,
    ...none(["forks", "forks_count", "open_issues", "open_issues_count", "size", "stargazers_count"]),
    ...none(["watchers", "watchers_count", "network_count", "subscribers_count"]),
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    archived: false,
    disabled: false,
    pushed_at: "2026-11-20T10:00:00Z",
    created_at: "2026-11-20T10:00:00Z",
    updated_at: "2026-11-20T10:00:00Z",
    permissions: { admin: isAdmin, maintain: isAdmin, push: true, triage: true, pull: true },
  };
}

function userView(login: string): object {
  const api = `https://api.github.com/users/${login}`;
  return {
    login,
    id: 1,
    node_id: "U_1",
    avatar_url: `https://avatars.githubusercontent.com/u/1`,
    gravatar_id: "",
    url: api,
    html_url: `https://github.com/${login}`,
    ...Object.fromEntries(
      ["followers", "following", "gists", "starred", "subscriptions", "organizations", "repos"].map((one) => [
        `${one}_url`,
        `${api}/${one}`,
      ]),
    ),
    events_url: `${api}/events`,
    received_events_url: `${api}/received_events`,
    type: "User",
    site_admin: false,
  };
}

function addressOf({ owner, name }: FakeRepo): string {
  return `https://api.github.com/repos/${owner}/${name}`;
}
