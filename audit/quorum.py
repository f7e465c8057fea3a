"""How many witnesses must have signed a checkpoint, and that policy in the words of c2sp.org/tlog-policy. Plain Python."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """A witness in a policy: its name without spaces, and its verifier key."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses of one kind, of which ``needed`` must have signed; none needed means that the group does not count."""

    name: str
    needed: int
    members: tuple[Member, ...]

    def signed(self, signers: Collection[str]) -> int:
        """How many members of the group are among ``signers`` (verifier keys)."""
        return sum(member.key in signers for member in self.members)

    def met(self, signers: Collection[str]) -> bool:
        """Whether enough of the group signed."""
        return self.signed(signers) >= self.needed


@dataclass(frozen=True, slots=True)
class Policy:
    """Keys of the log, groups of witnesses, and witnesses whose old signatures are known but no longer count."""

    logs: tuple[str, ...]
    groups: tuple[Group, ...]
    former: tuple[Member, ...] = ()

    @property
    def binding(self) -> tuple[Group, ...]:
        """The groups that count."""
        return tuple(group for group in self.groups if group.needed)

    def met(self, signers: Collection[str]) -> bool:
        """Whether ``signers`` (verifier keys) satisfy every group."""
        return all(group.met(signers) for group in self.groups)

    def text(self) -> str:
        """The policy as a file for verifiers."""
        lines = [f"log {key}" for key in self.logs]
        members = [member for group in self.groups for member in group.members]
        lines += [f"witness {member.name} {member.key}" for member in (*members, *self.former)]
        for group in self.binding:
            lines.append(" ".join(["group", group.name, str(group.needed), *(member.name for member in group.members)]))
        names = [group.name for group in self.binding]
        lines += (
            [" ".join(["group", "quorum-of-all", "all", *names]), "quorum quorum-of-all"] if names else ["quorum none"]
        )
        return "\n".join(lines) + "\n"


def members(keys: Iterable[tuple[str, str]]) -> tuple[Member, ...]:
    """Members from pairs of key name and verifier key; names that would stand twice carry the key's id as well."""
    pairs = list(keys)
    names = [name for name, _key in pairs]
    return tuple(Member(name if names.count(name) == 1 else f"{name}#{key.split('+')[1]}", key) for name, key in pairs)
