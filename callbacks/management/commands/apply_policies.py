"""Turn the events of running campaigns into tasks, now instead of tonight (CAM-2)."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from callbacks.actions import apply_policy
from callcenter.errors import DomainError
from campaigns.models import Policy


class Command(BaseCommand):
    help = "Apply the callback policies of running campaigns. Applying again adds nothing."

    def add_arguments(self, parser):
        parser.add_argument("--campaign", help="code of one campaign")
        parser.add_argument(
            "--new-only",
            action="store_true",
            help="under full coverage, only events since the last application",
        )

    def handle(self, *args, **options):
        policies = Policy.objects.in_force().select_related("campaign").order_by("campaign_id", "id")
        if options["campaign"]:
            policies = policies.filter(campaign__code=options["campaign"])
            if not policies:
                raise CommandError(
                    f"No active policy of a running campaign with the code {options['campaign']}."
                )
        policies, failed, created = list(policies), 0, 0
        for number, policy in enumerate(policies, start=1):
            try:
                done = apply_policy(policy=policy, now=timezone.now(), full=not options["new_only"])
            except DomainError as error:
                failed += 1
                self.stderr.write(
                    f"[{number}/{len(policies)}] {policy.campaign.code} {policy}: {error.message}"
                )
                continue
            created += done.created
            self.stdout.write(
                f"[{number}/{len(policies)}] {policy.campaign.code} {policy}: "
                f"{done.promised} promised to {done.customers} customers, {done.created} new tasks"
            )
        self.stdout.write(f"{len(policies)} policies, {created} new tasks, {failed} failed")
        if failed:
            raise CommandError(f"{failed} policies could not be applied.")
