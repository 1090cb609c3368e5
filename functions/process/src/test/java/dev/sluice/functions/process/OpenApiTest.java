package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.sluice.functions.database.DatabaseTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is published of the API is what is kept beside the code: a change of it is seen. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class OpenApiTest {
    private static final Path KEPT = Path.of("../openapi.json");
    private static final Path FOUND = Path.of("target/openapi.json");

    @TestHTTPResource("/")
    URI url;

    @Test
    void shouldPublishWhatIsKept() throws Exception {
        JsonNode found = published();
        String text = new ObjectMapper()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                        .writeValueAsString(new ObjectMapper().treeToValue(found, Object.class))
                + "\n";
        Files.writeString(FOUND, text);
        assertThat(text)
                .as("functions/openapi.json; if the API is to be so, copy functions/process/target/openapi.json there")
                .isEqualTo(Files.readString(KEPT));
    }

    @Test
    void shouldDescribeEveryOperationAndItsAnswer() throws Exception {
        List<String> lacking = new ArrayList<>();
        for (var path : published().path("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                if (!operation.getValue().isObject() || !operation.getValue().has("responses")) {
                    continue;
                }
                String name = operation.getKey() + " " + path.getKey();
                JsonNode responses = operation.getValue().path("responses");
                JsonNode good = responses.has("201") ? responses.path("201") : responses.path("200");
                if (operation.getValue().path("summary").asText().isEmpty()
                        || !good.path("content").path("application/json").has("schema")) {
                    lacking.add(name);
                }
            }
        }
        assertThat(lacking).isEmpty();
    }

    private JsonNode published() throws Exception {
        var answer = new ApiCaller(url, Map.of()).get("/openapi?format=json");
        assertThat(answer.status()).isEqualTo(200);
        return answer.body();
    }
}
