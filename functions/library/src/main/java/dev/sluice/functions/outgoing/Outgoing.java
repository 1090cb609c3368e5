package dev.sluice.functions.outgoing;

import dev.sluice.functions.address.IpNetwork;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Makes requests to addresses that somebody else has typed. A name is looked up once, all that it stands for must be public,
 * and the connection goes to what was looked up: a name that then stands for something else leads nowhere. Redirects are
 * answers, and are not followed. What is the operator's, and which accounts may reach, the operator names
 * ({@link OutgoingSettings}).
 *
 * <p>Blocks; to be called on virtual threads.
 */
@ApplicationScoped
public class Outgoing {
    private static final int HTTPS = 443;
    private static final int HTTP = 80;
    private static final int CONNECT_MILLIS = 5000;

    /** A connection is used again by whoever wants the same host at the same address. */
    private static final int IDLE_SECONDS = 10;

    private static final int TO_ONE_SERVER = 32;

    private static final int LONGEST_HEADER = 16 * 1024;

    private final HttpClient client;
    private final List<IpNetwork> allowed;
    private final Lookup lookup;

    /** Whose name stands for which addresses. */
    interface Lookup {
        InetAddress[] of(String host) throws UnknownHostException;
    }

    /**
     * What is asked for.
     *
     * @param body null for none
     * @param within all of it is answered, or it fails
     * @param longest an answer is, in bytes, or it fails
     */
    public record Request(
            String method, URI url, Map<String, String> headers, byte @Nullable [] body, Duration within, int longest) {
        /** Reads something. */
        public static Request get(URI url, Map<String, String> headers, Duration within, int longest) {
            return new Request("GET", url, headers, null, within, longest);
        }
    }

    /** @param headers their names in lower case */
    public record Answer(int status, Map<String, String> headers, byte[] body) {}

    @Inject
    public Outgoing(Vertx vertx, OutgoingSettings settings) {
        this(vertx, settings, InetAddress::getAllByName);
    }

    Outgoing(Vertx vertx, OutgoingSettings settings, Lookup lookup) {
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setForceSni(true)
                .setVerifyHost(true)
                .setKeepAliveTimeout(IDLE_SECONDS)
                .setMaxPoolSize(TO_ONE_SERVER)
                .setConnectTimeout(CONNECT_MILLIS)
                .setMaxHeaderSize(LONGEST_HEADER)
                .setDecompressionSupported(false));
        this.allowed = settings.allowed();
        this.lookup = lookup;
    }

    /**
     * Makes a request.
     *
     * @throws OutgoingException when it may not go there, or is not answered in time and in bounds
     */
    public Answer send(Request request) {
        URI url = request.url();
        boolean secure = "https".equals(url.getScheme());
        String host = url.getHost();
        if (host == null || !secure && !"http".equals(url.getScheme()) || url.getUserInfo() != null) {
            throw new OutgoingException("The address must be https://HOST/….");
        }
        InetAddress server = server(host, secure);
        int port = url.getPort() >= 0 ? url.getPort() : secure ? HTTPS : HTTP;
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        var options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(request.method()))
                .setServer(SocketAddress.inetSocketAddress(port, server.getHostAddress()))
                .setHost(host)
                .setPort(port)
                .setSsl(secure)
                .setFollowRedirects(false)
                .setURI(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery());
        request.headers().forEach(options::putHeader);
        return exchange(request, options, host);
    }

    private Answer exchange(Request request, RequestOptions options, String host) {
        var answer = new CompletableFuture<Answer>();
        var made = new AtomicReference<HttpClientRequest>();
        client.request(options).onFailure(answer::completeExceptionally).onSuccess(open -> {
            made.set(open);
            if (answer.isDone()) {
                open.reset();
                return;
            }
            open.exceptionHandler(answer::completeExceptionally);
            open.response()
                    .onFailure(answer::completeExceptionally)
                    .onSuccess(response -> read(response, request.longest(), answer));
            var body = request.body();
            if (body == null) {
                open.end();
            } else {
                open.end(Buffer.buffer(body));
            }
        });
        try {
            return answer.get(request.within().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new OutgoingException(
                    host + " did not answer within " + request.within().toSeconds() + " s.");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof OutgoingException refused) {
                throw refused;
            }
            throw new OutgoingException(host + " cannot be reached: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OutgoingException("interrupted");
        } finally {
            boolean unanswered = answer.cancel(false);
            HttpClientRequest open = made.get();
            if (open != null && unanswered) {
                open.reset();
            }
        }
    }

    private static void read(HttpClientResponse response, int longest, CompletableFuture<Answer> answer) {
        Buffer body = Buffer.buffer();
        response.exceptionHandler(answer::completeExceptionally);
        response.handler(part -> {
            if (body.length() + part.length() > longest) {
                answer.completeExceptionally(new OutgoingException("The answer has more than " + longest + " bytes."));
                response.request().reset();
            } else {
                body.appendBuffer(part);
            }
        });
        response.endHandler(end -> {
            Map<String, String> headers = new TreeMap<>();
            response.headers()
                    .forEach(header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
            answer.complete(new Answer(response.statusCode(), headers, body.getBytes()));
        });
    }

    /** Where the request goes: to one of the addresses that were looked at. */
    private InetAddress server(String host, boolean secure) {
        InetAddress[] found;
        try {
            found = lookup.of(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
        } catch (UnknownHostException e) {
            throw new OutgoingException("There is no host " + host + ".", e);
        }
        boolean operators = Arrays.stream(found).allMatch(this::isAllowed);
        if (!operators && !Arrays.stream(found).allMatch(PublicAddresses::contain)) {
            throw new OutgoingException(
                    host + " is not an address of the world at large. The operator can allow its network:"
                            + " SLUICE_OUTGOING_ALLOW.");
        }
        if (!operators && !secure) {
            throw new OutgoingException("The address must be https://: what is sent there is secret.");
        }
        return Objects.requireNonNull(found[0], host);
    }

    private boolean isAllowed(InetAddress address) {
        return allowed.stream().anyMatch(network -> network.contains(address));
    }
}
