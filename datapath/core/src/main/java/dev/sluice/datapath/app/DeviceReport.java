package dev.sluice.datapath.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What a device tells of itself. On the event loop. */
interface DeviceReport {
    /** What {@code /status} shows, but for what the shell knows. */
    ObjectNode status(long now);

    /** What {@code /metrics} shows of it. */
    List<Metric> metrics();
}
