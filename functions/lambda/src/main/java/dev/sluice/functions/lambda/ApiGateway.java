package dev.sluice.functions.lambda;

import dev.sluice.functions.stream.ConnectionsApi;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.GoneException;

/** The {@code @connections} of WebSocket APIs. */
@ApplicationScoped
class ApiGateway implements ConnectionsApi {
    private final Optional<String> endpoint;
    private final Map<String, ApiGatewayManagementApiClient> clients = new ConcurrentHashMap<>();

    /** @param endpoint of all APIs, without the stage; that of AWS where it is empty */
    @Inject
    ApiGateway(@ConfigProperty(name = "sluice.push-endpoint") Optional<String> endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public boolean post(String address, String text) {
        var to = PushAddress.of(address);
        try {
            client(to)
                    .postToConnection(
                            request -> request.connectionId(to.connection()).data(SdkBytes.fromUtf8String(text)));
            return true;
        } catch (GoneException e) {
            return false;
        }
    }

    @Override
    public void close(String address) {
        var which = PushAddress.of(address);
        try {
            client(which).deleteConnection(request -> request.connectionId(which.connection()));
        } catch (GoneException e) {
            // It has ended, as it should.
        }
    }

    private ApiGatewayManagementApiClient client(PushAddress address) {
        return clients.computeIfAbsent(
                address.api() + "/" + address.stage(), stage -> client(address.api(), address.stage()));
    }

    private ApiGatewayManagementApiClient client(String api, String stage) {
        var region = Region.of(System.getenv().getOrDefault("AWS_REGION", "us-east-1"));
        var base = endpoint.orElse("https://" + api + ".execute-api." + region.id() + ".amazonaws.com");
        return ApiGatewayManagementApiClient.builder()
                .region(region)
                .endpointOverride(URI.create(base + "/" + stage))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }
}
