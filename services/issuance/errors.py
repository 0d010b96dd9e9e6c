"""What can go wrong in issuance, named for the cause.

IssuanceError
├── KeyFileRefused        the private key's file cannot be trusted or read
├── NoKey                 every key that could sign is retired or compromised
├── SignerAway            a signer elsewhere does not answer
├── SignerRefused         a signer elsewhere will not sign, or signs something else
├── DecisionRefused       a decision that makes no sense as the credential stands
├── SkeletonUnfit         a document whose canonical form cannot be prepared beforehand
├── CredentialRefused     a document that is not what its signature could cover; carries `field` and `reason`
│   ├── UnknownContext    a JSON-LD context that is not built in; contexts are never fetched
│   ├── CredentialTooLarge more bytes than a credential needs
│   └── DroppedTerm       a member that JSON-LD would drop, so that no signature covers it
├── KeyUnknown            the issuer's key cannot be had here
│   └── KeyUnreachable    ... because where it is kept does not answer
├── StatusUnknown         whether the credential was revoked cannot be found out here
│   └── StatusUnreachable ... because where it is kept does not answer
├── FetchFailed           an address that may not be asked, or that did not answer well
├── PressBusy             too many certificates and images wait to be made already
├── UseUndecided          whether a code or token was used before is not known yet
├── CheckOverrun          a stranger's document took more time or memory than one check may
├── CheckerBusy           too many strangers' documents wait already
└── NotHere               nothing of this name is kept here
    ├── FormMissing       a credential cannot be had in this form
    ├── CredentialNotFound
    ├── StatusListNotFound
    ├── AchievementNotFound
    ├── PublicationNotFound  what an offering said when a credential was signed
    └── IssuerNotFound
"""


class IssuanceError(Exception):
    """Something went wrong in issuance."""


class KeyFileRefused(IssuanceError):
    """The private key's file cannot be trusted or read."""


class NoKey(IssuanceError):
    """Every key that could sign is retired or compromised."""


class SignerAway(IssuanceError):
    """A signer elsewhere does not answer; what was to be signed is tried again later."""


class SignerRefused(IssuanceError):
    """A signer elsewhere will not sign, or signed something else; the message names the key."""


class DecisionRefused(IssuanceError):
    """A decision that makes no sense as the credential stands; the message names the cure."""


class SkeletonUnfit(IssuanceError):
    """A document, or a value for one of its slots, whose canonical form cannot be prepared beforehand."""


class CredentialRefused(IssuanceError):
    """A document that is not what its signature could cover."""

    def __init__(self, field: str, reason: str) -> None:
        """Name the member at fault, as a dotted path, and what is wrong with it."""
        super().__init__(f"{field}: {reason}" if field else reason)
        self.field = field
        self.reason = reason


class UnknownContext(CredentialRefused):
    """A JSON-LD context that is not built in; contexts are never fetched."""


class CredentialTooLarge(CredentialRefused):
    """More bytes than a credential needs."""


class DroppedTerm(CredentialRefused):
    """A member that JSON-LD would drop, so that no signature covers it."""


class KeyUnknown(IssuanceError):
    """The issuer's key cannot be had here."""


class StatusUnknown(IssuanceError):
    """Whether the credential was revoked cannot be found out here."""


class KeyUnreachable(KeyUnknown):
    """Where the issuer's key is kept does not answer."""


class StatusUnreachable(StatusUnknown):
    """Where the status list is kept does not answer."""


class FetchFailed(IssuanceError):
    """An address that may not be asked, or that did not answer well."""


class PressBusy(IssuanceError):
    """Too many certificates and images wait to be made already; ask again in a moment."""


class UseUndecided(IssuanceError):
    """Whether a code or token was used before is not known yet; the worker is behind."""


class CheckOverrun(IssuanceError):
    """A stranger's document took more time or memory than one check may."""


class CheckerBusy(IssuanceError):
    """Too many strangers' documents wait already; ask again in a moment."""


class NotHere(IssuanceError):
    """Nothing of this name is kept here."""


class FormMissing(NotHere):
    """A credential cannot be had in this form."""


class CredentialNotFound(NotHere):
    """No credential has this id."""


class StatusListNotFound(NotHere):
    """No credential has an entry in a status list of this id."""


class PublicationNotFound(NotHere):
    """What an offering said when a credential was signed is not kept; the message names the cure."""


class AchievementNotFound(NotHere):
    """The institution offers no achievement of this name."""


class IssuerNotFound(NotHere):
    """No institution of this name has an offering here."""
