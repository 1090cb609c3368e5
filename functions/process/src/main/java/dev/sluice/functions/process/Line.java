package dev.sluice.functions.process;

import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.quarkus.websockets.next.UserData;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * The TCP connection beneath a socket. A device that reads no more takes no close frame either, and everything that is
 * written politely waits behind what it did not read; so this is cut.
 */
record Line(HttpConnection connection) {
    static final UserData.TypedKey<Line> KEY = new UserData.TypedKey<>("line");

    void cut() {
        if (connection instanceof ConnectionBase base) {
            base.channelHandlerContext().close();
        } else {
            connection.close();
        }
    }

    /** Keeps the line of every socket. */
    @ApplicationScoped
    static class Keeper implements HttpUpgradeCheck {
        @Override
        public boolean appliesTo(String endpointId) {
            return endpointId.startsWith(DeviceSocket.ID);
        }

        @Override
        public Uni<CheckResult> perform(HttpUpgradeContext context) {
            context.userData().put(KEY, new Line(context.httpRequest().connection()));
            return CheckResult.permitUpgrade();
        }
    }
}
