package dev.sluice.functions.api;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.PathItem.HttpMethod;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/** What the published description says of all endpoints together: how one signs in, and how requests fail. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class OpenApi implements OASFilter {
    private static final String TOKEN = "token";
    private static final String ERROR = "Error";

    private static final String DESCRIPTION = """
            Whatever an admin can do, a program can do. Lists come in pages. An ETag that is taken along in If-Match lets one
            of two writers win. A POST with an Idempotency-Key is carried out once, however often it comes within a day.
            Errors come as problem details (RFC 9457) to whoever accepts application/problem+json.""";

    private static final Map<String, String> FAILURES = new TreeMap<>(Map.of(
            "400", "It cannot be read.",
            "401", "The token is missing, or not valid.",
            "429", "The account asks too much: Retry-After says when it may go on.",
            "503", "The database cannot be reached just now: Retry-After says when to try again."));

    @Override
    public void filterOpenAPI(OpenAPI description) {
        description.info(OASFactory.createInfo().title("Sluice").version("1").description(DESCRIPTION));
        description.addSecurityRequirement(
                OASFactory.createSecurityRequirement().addScheme(TOKEN));
        description
                .getComponents()
                .addSecurityScheme(
                        TOKEN,
                        OASFactory.createSecurityScheme()
                                .type(SecurityScheme.Type.HTTP)
                                .scheme("bearer")
                                .description("The token of an API client."))
                .addSchema(ERROR, error());
        description.getPaths().getPathItems().forEach(OpenApi::complete);
    }

    private static void complete(String path, PathItem item) {
        item.getOperations().forEach((method, operation) -> complete(path, method, operation));
    }

    private static void complete(String path, HttpMethod method, Operation operation) {
        APIResponses responses = operation.getResponses();
        if (method == HttpMethod.POST) {
            responses.addAPIResponse("201", responses.getAPIResponse("200").description("Created"));
            responses.removeAPIResponse("200");
        }
        FAILURES.forEach((status, why) -> fails(responses, status, why));
        if (path.contains("{")) {
            fails(responses, "404", "The account has no such thing.");
        }
        if (method != HttpMethod.GET) {
            fails(responses, "409", "It contradicts what there is.");
            fails(responses, "422", "A value is not valid: validation_errors says which, and why.");
        }
        boolean conditional = operation.getParameters() != null
                && operation.getParameters().stream().anyMatch(parameter -> "If-Match".equals(parameter.getName()));
        if (conditional) {
            fails(responses, "412", "It has another version by now.");
        }
    }

    private static void fails(APIResponses responses, String status, String why) {
        Content content = OASFactory.createContent()
                .addMediaType(
                        "application/json",
                        OASFactory.createMediaType()
                                .schema(OASFactory.createSchema().ref(ERROR)));
        responses.addAPIResponse(
                status, OASFactory.createAPIResponse().description(why).content(content));
    }

    private static Schema error() {
        Schema messages = OASFactory.createSchema()
                .type(List.of(SchemaType.OBJECT))
                .additionalPropertiesSchema(OASFactory.createSchema()
                        .type(List.of(SchemaType.ARRAY))
                        .items(text()));
        return OASFactory.createSchema()
                .type(List.of(SchemaType.OBJECT))
                .addProperty(
                        "error",
                        OASFactory.createSchema()
                                .type(List.of(SchemaType.OBJECT))
                                .addProperty("reason", text())
                                .addProperty("message", text())
                                .addProperty("validation_errors", messages)
                                .required(List.of("reason", "message")));
    }

    private static Schema text() {
        return OASFactory.createSchema().type(List.of(SchemaType.STRING));
    }
}
