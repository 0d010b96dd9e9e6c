"""Making topics, on a real broker."""

from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from shared.contracts.topics import PARTITIONS
from shared.kit.topics_admin import all_topics, create_topics


def test_topics_that_are_made_can_be_used_at_once(bootstrap: str, fresh_name: str) -> None:
    asking = AdminClient({"bootstrap.servers": bootstrap})
    for again in range(3):
        prefix = f"{fresh_name}-{again}."

        made = create_topics(bootstrap, prefix=prefix)

        assert sorted(made) == sorted(prefix + name for name in all_topics())
        places = [TopicPartition(name, partition) for name in made for partition in range(PARTITIONS)]
        answers = asking.list_offsets({place: OffsetSpec.latest() for place in places}, request_timeout=15)
        assert {future.result(15).offset for future in answers.values()} == {0}
