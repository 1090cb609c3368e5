package dev.sluice.functions.stream;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.flow.GrantedFlow;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What peers since 2026-07 ask for with every grant: a JWT (RFC 7519, HS256) by which a flow's logs would be taken. It says
 * that none are wanted, and what the peer would write into them. Nothing accepts it, so its key is nobody's.
 */
final class IngestToken {
    private static final String HEADER = part("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
    private static final String ALGORITHM = "HmacSHA256";
    private static final SecretKeySpec KEY = key();

    private IngestToken() {}

    /** @param entry of a flow that is granted, for one of its ends */
    static String of(Entry entry, Device device) {
        var flow = Objects.requireNonNull(entry.granted(), "of a flow that stands");
        var claims = claims(entry, flow, device);
        var signed = HEADER + "." + part(claims.toString());
        return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(mac(signed));
    }

    private static ObjectNode claims(Entry entry, GrantedFlow flow, Device device) {
        var subject = flow.subject();
        return JsonNodeFactory.instance
                .objectNode()
                .put("account_id", entry.accountId().toString())
                .put("iat", flow.now().getEpochSecond())
                .put("exp", flow.expiresAt().getEpochSecond())
                .put("uploads_enabled", false)
                .put("role", device.role() == Device.Role.CLIENT ? "initiator" : "responder")
                .put("initiator_device_id", flow.client().id().toString())
                .put("responder_device_id", flow.gateway().id().toString())
                .put("policy_authorization_id", String.valueOf(entry.flowId()))
                .put("policy_id", subject.policyId().toString())
                .put("resource_id", String.valueOf(entry.resourceId()))
                .put("resource_name", subject.resourceName())
                .put("initiator_actor_id", subject.actorId().toString())
                .put("initiator_actor_name", subject.actorName())
                .put("authorized_at", subject.authorizedAt().toString())
                .put("authorization_expires_at", flow.expiresAt().toString());
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] mac(String text) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(KEY);
            return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has it", e);
        }
    }

    private static SecretKeySpec key() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return new SecretKeySpec(bytes, ALGORITHM);
    }
}
