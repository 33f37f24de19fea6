"""The address of the learners' repository, and the links that open it in a browser. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Address:
    """A public git repository.

    Attributes:
        url: the URL to clone, without ``.git``.
        github: ``"owner/name"`` on GitHub, else None: Colab opens notebooks from GitHub only.
        branch: the branch that learners see.
    """

    url: str
    github: str | None
    branch: str = "main"

    @classmethod
    def parse(cls, text: str) -> "Address | None":
        """Parse ``publication`` of course.toml, ``https://host/owner/name[/tree/branch]``.

        None if it is empty: the course is not published.

        Raises:
            ValueError: it is not the address of a repository; the message follows the name of the key.
        """
        if not text:
            return None
        match = re.fullmatch(r"https://([\w.-]+)((?:/[\w.-]+){2,}?)(?:\.git)?/?(?:(?:/-)?/tree/([\w./-]+?))?/?", text)
        if not match:
            raise ValueError(
                f"is not the address of a repository: {text!r}; "
                'write "https://github.com/OWNER/NAME", or "" while there is none'
            )
        host, path, branch = match[1].lower(), match[2].removesuffix(".git"), match[3] or "main"
        github = path[1:] if host == "github.com" else None
        if github and github.count("/") != 1:
            raise ValueError(f"is not a GitHub repository, OWNER/NAME: {path[1:]!r}")
        return cls(f"https://{host}{path}", github, branch)

    def colab(self, path: str) -> str | None:
        """The address that opens the notebook ``path`` of the repository on Colab."""
        if self.github is None:
            return None
        return f"https://colab.research.google.com/github/{self.github}/blob/{quote(self.branch)}/{quote(path)}"

    def binder(self, path: str) -> str:
        """The address that starts the repository on mybinder.org with ``path`` open in JupyterLab."""
        ref = quote(self.branch, safe="")
        where = f"gh/{self.github}/{ref}" if self.github else f"git/{quote(self.url, safe='')}/{ref}"
        return f"https://mybinder.org/v2/{where}?urlpath={quote(f'lab/tree/{path}', safe='')}"

    def pip(self) -> str:
        """The requirement from which pip installs the course's package."""
        return f"git+{self.url}@{self.branch}"
