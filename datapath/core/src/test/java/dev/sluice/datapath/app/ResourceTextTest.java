package dev.sluice.datapath.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.channel.Reason;
import org.junit.jupiter.api.Test;

class ResourceTextTest {
    private static final String STATUS = """
            {"state": "running", "portal": {"state": "up"}, "resources": [
              {"id": "1", "name": "Wiki", "address": "10.1.0.0/16", "state": "granted", "gateway_id": "g"},
              {"id": "2", "name": "Wiki", "address": "10.2.0.0/16", "state": "known"},
              {"id": "3", "name": "Ledger", "address": "10.3.0.1/32", "state": "refused", "last_denial":
                {"reason": "condition", "properties": ["remote_ip"], "seen": {"remote_ip": "192.0.2.1"},
                 "at": "2026-01-31T09:00:00Z"}}]}
            """;

    private static JsonNode json(String text) throws JsonProcessingException {
        return new ObjectMapper().readTree(text);
    }

    @Test
    void shouldListWhatThereIs() throws Exception {
        assertThat(ResourceText.list(json(STATUS)).lines())
                .hasSize(3)
                .anySatisfy(line -> assertThat(line).contains("Ledger", "10.3.0.1/32", "refused"))
                .anySatisfy(line -> assertThat(line).contains("Wiki", "10.1.0.0/16", "reachable"));
        assertThat(ResourceText.list(json("{\"portal\": {\"state\": \"up\"}}"))).contains("No policy");
        assertThat(ResourceText.list(json("{\"portal\": {\"state\": \"signed_out\", \"remedy\": \"sign in\"}}")))
                .contains("Nobody is signed in: sign in");
        assertThat(ResourceText.list(json("{\"portal\": {\"state\": \"waiting\"}}")))
                .contains("cannot be reached");
    }

    @Test
    void shouldSayInWordsWhyOneWasRefused() throws Exception {
        JsonNode status = json(STATUS);

        assertThat(ResourceText.explain(status, ResourceText.find(status, "ledger")))
                .contains(
                        "Ledger (10.3.0.1/32): refused",
                        "your address (the portal sees 192.0.2.1)",
                        "2026-01-31T09:00:00Z");
        assertThat(ResourceText.explain(status, ResourceText.find(status, "10.1.0.0/16")))
                .contains("reachable", "Through gateway g");
    }

    @Test
    void shouldHaveWordsForEveryReason() throws Exception {
        JsonNode status = json(STATUS);
        for (Reason reason : Reason.values()) {
            ObjectNode resource = (ObjectNode) ResourceText.find(status, "3").deepCopy();
            ((ObjectNode) resource.get("last_denial")).put("reason", reason.code());

            assertThat(ResourceText.explain(status, resource)).as(reason.code()).doesNotContain(": " + reason.code());
        }
    }

    @Test
    void shouldSayWhenThereIsNoneOrSeveral() throws Exception {
        JsonNode status = json(STATUS);

        assertThatThrownBy(() -> ResourceText.find(status, "Vault")).hasMessageContaining("no resource \"Vault\"");
        assertThatThrownBy(() -> ResourceText.find(status, "wiki")).hasMessageContaining("several resources");
    }
}
