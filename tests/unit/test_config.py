import pytest

from chalicelib.config import ConfigurationError, settings_from

RIGHT = {
    "TABLE": "t",
    "BUCKET": "b",
    "TOPIC": "arn",
    "POOL_ID": "eu_1",
    "CLIENT_IDS": "one,two",
    "MAIL_FROM": "a@example.org",
    "PAGE_URL": "https://example.org",
    "AWS_REGION": "eu-central-1",
}


def test_settings_are_read_with_their_defaults() -> None:
    settings = settings_from(RIGHT)
    assert settings.client_ids == ("one", "two")
    assert settings.open_uploads == 100


def test_empty_limits_are_the_defaults_as_the_template_leaves_them() -> None:
    settings = settings_from(RIGHT | {"MAX_FILE_SIZE": "", "OPEN_UPLOADS": ""})
    assert (settings.max_file_size, settings.open_uploads) == (
        settings_from(RIGHT).max_file_size,
        100,
    )


def test_parts_are_accelerated_only_where_it_is_said() -> None:
    said = [settings_from(RIGHT | {"ACCELERATE": word}).accelerate for word in ("yes", "no", "")]
    assert said == [True, False, False]


def test_other_origins_are_as_browsers_name_them() -> None:
    two = "https://www.example.org,http://127.0.0.1:8090"
    assert settings_from(RIGHT | {"OTHER_ORIGINS": two}).other_origins == tuple(two.split(","))
    assert settings_from(RIGHT | {"OTHER_ORIGINS": ""}).other_origins == ()
    for wrong in ("*", "null", "https://www.example.org/", "www.example.org", "https://A.org"):
        with pytest.raises(ConfigurationError, match="OTHER_ORIGINS"):
            settings_from(RIGHT | {"OTHER_ORIGINS": wrong})


def test_all_faults_are_told_at_once() -> None:
    wrong = RIGHT | {
        "TABLE": "",
        "S3_ADDRESSING": "sideways",
        "OPEN_UPLOADS": "many",
        "CLIENTS_PER_BOARD": "256",
    }
    with pytest.raises(ConfigurationError) as refused:
        settings_from(wrong)
    for name in ("TABLE", "S3_ADDRESSING", "OPEN_UPLOADS", "CLIENTS_PER_BOARD"):
        assert name in str(refused.value)
