package dev.sluice.functions.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.channel.Detail;
import dev.sluice.channel.Reason;
import dev.sluice.functions.sql.RequestException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ConditionEvaluatorTest {
    /** A Wednesday, 10:00 in Berlin. */
    private static final Instant NOW = Instant.parse("2026-07-15T08:00:00Z");

    private static final Subject SUBJECT = new Subject("203.0.113.9", "DE", null, false, NOW);

    @Test
    void shouldConformForEverWithoutConditions() {
        assertThat(ConditionEvaluator.evaluate(List.of(), SUBJECT)).isEqualTo(new Evaluation.Conforms(null));
    }

    @Test
    void shouldHoldAddressesAgainstNetworks() {
        assertThat(conforms("remote_ip is_in_cidr 203.0.113.0/24")).isTrue();
        assertThat(conforms("remote_ip is_in_cidr 10.0.0.0/8,203.0.113.9")).isTrue();
        assertThat(conforms("remote_ip is_in_cidr 203.0.113.8")).isFalse();
        assertThat(conforms("remote_ip is_not_in_cidr 203.0.113.0/24")).isFalse();
        assertThat(conforms("remote_ip is_not_in_cidr 2001:db8::/32")).isTrue();
    }

    @Test
    void shouldViolateWhatIsNotKnown() {
        assertThat(conforms("provider_id is_in " + UUID.randomUUID())).isFalse();
        assertThat(conforms("provider_id is_not_in " + UUID.randomUUID())).isFalse();
        var nowhere = new Subject(null, null, null, false, NOW);
        assertThat(ConditionEvaluator.evaluate(
                        List.of(
                                ConditionText.condition("remote_ip_location_region is_not_in US"),
                                ConditionText.condition("remote_ip is_not_in_cidr 10.0.0.0/8"),
                                ConditionText.condition("remote_ip is_in_cidr 10.0.0.0/8")),
                        nowhere))
                .isEqualTo(new Evaluation.Violates(List.of("remote_ip_location_region", "remote_ip")));
    }

    @Test
    void shouldEndWithTheRangeInWhichItIs() {
        assertThat(evaluate("current_utc_datetime is_in_day_of_week_time_ranges W/09-12,12-17/Europe/Berlin"))
                .isEqualTo(new Evaluation.Conforms(Instant.parse("2026-07-15T15:00:00Z")));
        assertThat(evaluate("current_utc_datetime is_in_day_of_week_time_ranges W/true/UTC"))
                .isEqualTo(new Evaluation.Conforms(Instant.parse("2026-07-16T00:00:00Z")));
        assertThat(conforms("current_utc_datetime is_in_day_of_week_time_ranges W/08:00:00-08:00:00/UTC"))
                .isTrue();
        assertThat(conforms("current_utc_datetime is_in_day_of_week_time_ranges W/08:30-17/UTC"))
                .isFalse();
        assertThat(conforms("current_utc_datetime is_in_day_of_week_time_ranges M/true/UTC W//UTC"))
                .isFalse();
    }

    @Test
    void shouldNotHoldOnceTheEndHasPassed() {
        var office = "current_utc_datetime is_in_day_of_week_time_ranges W/09-17/UTC";
        assertThat(at("2026-07-15T16:59:59.999Z", office))
                .isEqualTo(new Evaluation.Conforms(Instant.parse("2026-07-15T17:00:00Z")));
        assertThat(at("2026-07-15T17:00:00.5Z", office))
                .isEqualTo(new Evaluation.Violates(List.of("current_utc_datetime")));
    }

    @Test
    void shouldHoldForTheWholeDayUntilMidnight() {
        var wednesday = "current_utc_datetime is_in_day_of_week_time_ranges W/true/UTC";
        var both = wednesday + " R/true/UTC";
        assertThat(at("2026-07-15T23:59:59.5Z", wednesday))
                .isEqualTo(new Evaluation.Conforms(Instant.parse("2026-07-16T00:00:00Z")));
        assertThat(at("2026-07-16T00:00:00Z", wednesday)).isInstanceOf(Evaluation.Violates.class);
        assertThat(at("2026-07-16T00:00:00Z", both))
                .isEqualTo(new Evaluation.Conforms(Instant.parse("2026-07-17T00:00:00Z")));
        assertThat(at("2026-07-15T23:59:59.5Z", wednesday.replace("true", "08-12,12-23:59:59")))
                .isInstanceOf(Evaluation.Conforms.class);
    }

    /** In Berlin clocks go from 03:00 back to 02:00 on this Sunday. */
    @Test
    void shouldEndInTheHourThatIsThereTwiceWhereItIs() {
        var night = "current_utc_datetime is_in_day_of_week_time_ranges U/01-02:30/Europe/Berlin";
        assertThat(at("2026-10-25T00:15:00Z", night))
                .isEqualTo(new Evaluation.Conforms(Instant.parse("2026-10-25T00:30:00Z")));
        assertThat(at("2026-10-25T01:15:00Z", night))
                .isEqualTo(new Evaluation.Conforms(Instant.parse("2026-10-25T01:30:00Z")));
    }

    @Test
    void shouldLookNoNameUpWhereAnAddressBelongs() {
        for (var value : List.of("999.1.1.1", "300.1.2.3/8", "example.com", "10.0.0.0/33", "1.2.3")) {
            assertThatThrownBy(() -> ConditionText.condition("remote_ip is_in_cidr " + value))
                    .as(value)
                    .isInstanceOf(RequestException.class)
                    .hasMessageContaining("are no values for remote_ip");
        }
    }

    @Test
    void shouldRefuseRegionsThatCouldNeverMatch() {
        for (var value : List.of("RUS", "Russia", "XX", "R", "RU,Russia", "")) {
            assertThatThrownBy(() -> ConditionText.condition("remote_ip_location_region is_not_in " + value))
                    .as(value)
                    .isInstanceOf(RequestException.class);
        }
        assertThat(ConditionText.condition("remote_ip_location_region is_not_in ru, de,RU")
                        .values())
                .containsExactly("RU", "DE");
        assertThat(conforms("remote_ip_location_region is_not_in de")).isFalse();
    }

    /** As rows may hold it that were written before values were checked, or by hand. */
    @Test
    void shouldNotLetPassByARegionThatCannotMatch() {
        for (var value : List.of("DEU", "Germany")) {
            var condition = new Condition("remote_ip_location_region", "is_not_in", List.of(value));
            assertThat(ConditionEvaluator.evaluate(List.of(condition), SUBJECT))
                    .isInstanceOf(Evaluation.Violates.class);
        }
        var lower = new Condition("remote_ip_location_region", "is_not_in", List.of("de"));
        assertThat(ConditionEvaluator.evaluate(List.of(lower), SUBJECT)).isInstanceOf(Evaluation.Violates.class);
    }

    @Test
    void shouldRefuseProvidersThatAreNoIds() {
        assertThatThrownBy(() -> ConditionText.condition("provider_id is_not_in google"))
                .isInstanceOf(RequestException.class);
        var id = UUID.randomUUID().toString();
        assertThat(ConditionText.condition("provider_id is_in " + id.toUpperCase(Locale.ROOT))
                        .values())
                .containsExactly(id);
    }

    @Test
    void shouldKeepNetworksInOneForm() {
        assertThat(ConditionText.condition(
                                "remote_ip is_in_cidr 10.1.2.3/8,2001:DB8:0::5/32,192.0.2.1/32,::ffff:198.51.100.7,"
                                        + "::ffff:10.0.0.0/104,64:ff9b::c000:201,64:ff9b::198.51.100.0/120")
                        .values())
                .containsExactly("10.0.0.0/8", "2001:db8::/32", "192.0.2.1", "198.51.100.7", "198.51.100.0/24");
    }

    @Test
    void shouldKnowAnAddressInWhicheverFormItComes() {
        var condition = List.of(ConditionText.condition("remote_ip is_not_in_cidr 203.0.113.0/24"));
        for (var address : List.of("203.0.113.9", "::ffff:203.0.113.9", "64:ff9b::cb00:7109")) {
            assertThat(ConditionEvaluator.evaluate(condition, new Subject(address, "DE", null, false, NOW)))
                    .as(address)
                    .isInstanceOf(Evaluation.Violates.class);
        }
    }

    @Test
    void shouldWarnWhereOneFamilyPasses() {
        assertThat(ConditionText.condition("remote_ip is_not_in_cidr 10.0.0.0/8")
                        .caution())
                .hasValueSatisfying(caution -> assertThat(caution).contains("IPv6 passes it"));
        assertThat(ConditionText.condition("remote_ip is_not_in_cidr 2001:db8::/32")
                        .caution())
                .hasValueSatisfying(caution -> assertThat(caution).contains("IPv4 passes it"));
        assertThat(ConditionText.condition("remote_ip is_not_in_cidr 10.0.0.0/8,2001:db8::/32")
                        .caution())
                .isEmpty();
        assertThat(ConditionText.condition("remote_ip is_in_cidr 10.0.0.0/8").caution())
                .isEmpty();
    }

    @Test
    void shouldHoldThroughANightShift() {
        var night = "current_utc_datetime is_in_day_of_week_time_ranges W/22-06/UTC";
        assertThat(at("2026-07-15T21:59:59Z", night)).isInstanceOf(Evaluation.Violates.class);
        var untilSix = new Evaluation.Conforms(Instant.parse("2026-07-16T06:00:00Z"));
        assertThat(at("2026-07-15T22:00:00Z", night)).isEqualTo(untilSix);
        assertThat(at("2026-07-15T23:59:59.999Z", night)).isEqualTo(untilSix);
        assertThat(at("2026-07-16T00:00:00Z", night)).isEqualTo(untilSix);
        assertThat(at("2026-07-16T06:00:01Z", night)).isInstanceOf(Evaluation.Violates.class);
        assertThat(at("2026-07-16T22:30:00Z", night))
                .as("the next day's evening")
                .isInstanceOf(Evaluation.Violates.class);
    }

    @Test
    void shouldTakeMidnightForTheDaysEnd() {
        var evening = "current_utc_datetime is_in_day_of_week_time_ranges W/18-24:00/UTC";
        assertThat(at("2026-07-15T23:59:59.5Z", evening))
                .isEqualTo(new Evaluation.Conforms(Instant.parse("2026-07-16T00:00:00Z")));
        assertThat(at("2026-07-16T00:00:00Z", evening)).isInstanceOf(Evaluation.Violates.class);
        assertThat(at("2026-07-15T20:00:00Z", evening + " R/00-08/UTC"))
                .as("what touches at midnight is one")
                .isEqualTo(new Evaluation.Conforms(Instant.parse("2026-07-16T08:00:00Z")));
    }

    @Test
    void shouldAskForVerificationOnlyIfThePolicyDoes() {
        assertThat(conforms("client_verified is true")).isFalse();
        assertThat(conforms("client_verified is false")).isTrue();
    }

    @Test
    void shouldNotLetAnUnreadableConditionPass() {
        assertThat(ConditionEvaluator.evaluate(Condition.fromJson("[{}]"), SUBJECT))
                .isInstanceOf(Evaluation.Violates.class);
        assertThat(ConditionEvaluator.evaluate(
                        List.of(new Condition("remote_ip", "is_not_in_cidr", List.of("nonsense"))), SUBJECT))
                .isInstanceOf(Evaluation.Violates.class);
        assertThatThrownBy(() -> ConditionText.condition("remote_ip is_in nonsense"))
                .isInstanceOf(RequestException.class);
        assertThatThrownBy(() -> ConditionText.condition("remote_ip is_in_cidr nonsense"))
                .isInstanceOf(RequestException.class);
    }

    @Test
    void shouldChooseThePolicyThatLastsLongest() {
        var limited = candidate(true, "current_utc_datetime is_in_day_of_week_time_ranges W/true/UTC");
        var unlimited = candidate(true);
        assertThat(PolicyChoice.choose(List.of(limited, unlimited), SUBJECT))
                .isEqualTo(new PolicyChoice.Allowed(unlimited.policyId(), null, null));
    }

    @Test
    void shouldSayWhyNoPolicyAllows() {
        assertThat(PolicyChoice.choose(List.of(), SUBJECT))
                .isEqualTo(new PolicyChoice.Refused(Detail.of(Reason.NO_POLICY)));
        assertThat(PolicyChoice.choose(List.of(candidate(false)), SUBJECT))
                .isEqualTo(new PolicyChoice.Refused(Detail.of(Reason.POLICY_DISABLED)));
        assertThat(PolicyChoice.choose(
                        List.of(
                                candidate(false),
                                candidate(true, "client_verified is true"),
                                candidate(true, "remote_ip is_in_cidr 10.0.0.0/8", "client_verified is true")),
                        SUBJECT))
                .isEqualTo(new PolicyChoice.Refused(new Detail(
                        Reason.CONDITION,
                        List.of("client_verified", "remote_ip"),
                        ConditionEvaluator.seen(List.of("client_verified", "remote_ip"), SUBJECT))));
    }

    private static boolean conforms(String condition) {
        return evaluate(condition) instanceof Evaluation.Conforms;
    }

    private static Evaluation evaluate(String condition) {
        return ConditionEvaluator.evaluate(List.of(ConditionText.condition(condition)), SUBJECT);
    }

    private static Evaluation at(String now, String condition) {
        return ConditionEvaluator.evaluate(
                List.of(ConditionText.condition(condition)),
                new Subject("203.0.113.9", "DE", null, false, Instant.parse(now)));
    }

    private static PolicyChoice.Candidate candidate(boolean enabled, String... conditions) {
        return new PolicyChoice.Candidate(
                UUID.randomUUID(),
                null,
                enabled,
                List.of(conditions).stream().map(ConditionText::condition).toList());
    }
}
