package dev.sluice.functions.api;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import jakarta.ws.rs.core.MediaType;
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
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.parameters.RequestBody;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;
import org.jboss.jandex.IndexView;

/** What the published description says of all endpoints together: how one signs in, and how requests fail. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class OpenApi implements OASFilter {
    /** How a POST describes its answer if it creates nothing. */
    public static final String DONE = "Done";

    private static final String TOKEN = "token";
    private static final String ERROR = "Error";
    private static final String PROBLEM = "Problem";

    private static final String DESCRIPTION = """
            Whatever an admin can do, a program can do. Lists come in pages. An ETag that is taken along in If-Match lets one
            of two writers win. A POST with an Idempotency-Key is carried out once, however often it comes within a day.
            Errors come as problem details (RFC 9457) to whoever accepts application/problem+json.""";

    private static final Map<String, String> FAILURES = new TreeMap<>(Map.of(
            "400", "It cannot be read.",
            "401", "The token is missing, or not valid.",
            "429", "The account asks too much: Retry-After says when it may go on.",
            "503", "The database cannot be reached just now: Retry-After says when to try again."));

    /** How a library sees any JSON; nothing leads there. */
    private static final List<String> NOT_OURS = List.of("JsonNode", "JsonNodeType");

    private final IndexView index;

    public OpenApi(IndexView index) {
        this.index = index;
    }

    @Override
    public void filterOpenAPI(OpenAPI description) {
        new PublishedSchemas(description, index).complete(description);
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
                .addSchema(ERROR, error())
                .addSchema(PROBLEM, problem());
        description.getPaths().getPathItems().forEach(OpenApi::complete);
        NOT_OURS.forEach(description.getComponents()::removeSchema);
    }

    private static void complete(String path, PathItem item) {
        item.getOperations().forEach((method, operation) -> complete(path, method, operation));
    }

    private static void complete(String path, HttpMethod method, Operation operation) {
        APIResponses responses = operation.getResponses();
        APIResponse answer = responses.getAPIResponse("200");
        if (method == HttpMethod.POST && !DONE.equals(answer.getDescription())) {
            responses.addAPIResponse("201", answer.description("Created"));
            responses.removeAPIResponse("200");
        }
        rank(answer.getContent());
        if (operation.getParameters() != null) {
            operation.getParameters().forEach(OpenApi::complete);
        }
        FAILURES.forEach((status, why) -> fails(responses, status, why));
        if (path.contains("{") || responses.hasAPIResponse("404")) {
            fails(responses, "404", "The account has no such thing.");
        }
        RequestBody body = operation.getRequestBody();
        if (body != null) {
            if (Boolean.FALSE.equals(body.getRequired())) {
                body.getContent()
                        .getMediaTypes()
                        .values()
                        .forEach(type -> type.setSchema(PublishedSchemas.orNull(type.getSchema())));
            }
            responses.addAPIResponse(
                    "413", OASFactory.createAPIResponse().description("The body is larger than 1 MiB."));
        }
        if (method != HttpMethod.GET || responses.hasAPIResponse("409")) {
            fails(responses, "409", "It contradicts what there is.");
        }
        if (method != HttpMethod.GET) {
            fails(responses, "422", "A value is not valid: validation_errors says which, and why.");
        }
        boolean conditional = operation.getParameters() != null
                && operation.getParameters().stream().anyMatch(parameter -> "If-Match".equals(parameter.getName()));
        if (conditional) {
            fails(responses, "412", "It has another version by now.");
        }
    }

    /** A query's ids and times are texts in the code, which says itself what is wrong with one. */
    private static void complete(Parameter parameter) {
        if (parameter.getIn() == Parameter.In.QUERY && parameter.getName().endsWith("_id")) {
            parameter.setSchema(OASFactory.createSchema().ref("UUID"));
        } else {
            PublishedSchemas.anchor(parameter.getSchema());
        }
    }

    /** How much one of several media types is preferred is said to the server, and is no part of it. */
    private static void rank(Content content) {
        for (String type : List.copyOf(content.getMediaTypes().keySet())) {
            int parameters = type.indexOf(";qs=");
            if (parameters > 0) {
                content.addMediaType(type.substring(0, parameters), content.getMediaType(type));
                content.removeMediaType(type);
            }
        }
    }

    private static void fails(APIResponses responses, String status, String why) {
        Content content = OASFactory.createContent()
                .addMediaType(MediaType.APPLICATION_JSON, of(ERROR))
                .addMediaType(Problem.MEDIA_TYPE, of(PROBLEM));
        responses.addAPIResponse(
                status, OASFactory.createAPIResponse().description(why).content(content));
    }

    private static org.eclipse.microprofile.openapi.models.media.MediaType of(String schema) {
        return OASFactory.createMediaType().schema(OASFactory.createSchema().ref(schema));
    }

    /** By field, what is wrong with its value. */
    private static Schema messages() {
        return OASFactory.createSchema()
                .type(List.of(SchemaType.OBJECT))
                .additionalPropertiesSchema(OASFactory.createSchema()
                        .type(List.of(SchemaType.ARRAY))
                        .items(text()));
    }

    private static Schema problem() {
        return OASFactory.createSchema()
                .type(List.of(SchemaType.OBJECT))
                .addProperty("type", text())
                .addProperty("title", text())
                .addProperty("status", OASFactory.createSchema().type(List.of(SchemaType.INTEGER)))
                .addProperty("detail", text())
                .addProperty("errors", messages())
                .required(List.of("type", "title", "status", "detail"));
    }

    private static Schema error() {
        return OASFactory.createSchema()
                .type(List.of(SchemaType.OBJECT))
                .addProperty(
                        "error",
                        OASFactory.createSchema()
                                .type(List.of(SchemaType.OBJECT))
                                .addProperty("reason", text())
                                .addProperty("message", text())
                                .addProperty("validation_errors", messages())
                                .required(List.of("reason", "message")))
                .required(List.of("error"));
    }

    private static Schema text() {
        return OASFactory.createSchema().type(List.of(SchemaType.STRING));
    }
}
