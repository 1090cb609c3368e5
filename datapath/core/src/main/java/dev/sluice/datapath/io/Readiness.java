package dev.sluice.datapath.io;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * A descriptor of ours as Netty's event loop knows it: level-triggered, so that what is left unread calls again. The
 * descriptor itself is closed by its owner, after this.
 */
final class Readiness implements EpollIoHandle {
    private final FileDescriptor descriptor;
    private final Runnable readable;
    private final Runnable broken;
    private @Nullable IoRegistration registration;
    private boolean closed;

    private Readiness(int descriptor, Runnable readable, Runnable broken) {
        this.descriptor = new FileDescriptor(descriptor);
        this.readable = readable;
        this.broken = broken;
    }

    /**
     * Begins to watch a descriptor.
     *
     * @param broken is called for an error that reading does not clear
     */
    static Readiness watch(IoEventLoop loop, int descriptor, Runnable readable, Runnable broken) {
        Readiness handle = new Readiness(descriptor, readable, broken);
        loop.register(handle).addListener(registered -> {
            if (!registered.isSuccess()) {
                throw new IllegalStateException("the event loop does not take a descriptor", registered.cause());
            }
            handle.start((IoRegistration) registered.getNow());
        });
        return handle;
    }

    @Override
    public FileDescriptor fd() {
        return descriptor;
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
        if (closed) {
            return;
        }
        if (((EpollIoEvent) event).ops().contains(EpollIoOps.EPOLLERR)) {
            broken.run();
        } else {
            readable.run();
        }
    }

    @Override
    public void close() {
        closed = true;
        if (registration != null) {
            registration.cancel();
        }
    }

    private void start(IoRegistration granted) {
        registration = granted;
        if (closed) {
            granted.cancel();
        } else {
            granted.submit(EpollIoOps.EPOLLIN);
        }
    }
}
