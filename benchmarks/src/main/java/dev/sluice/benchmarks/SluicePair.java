package dev.sluice.benchmarks;

/** Our own client and gateway, as the lab runs them: policy, grants and filters included. */
final class SluicePair implements TunnelPair {
    private static final String RESOURCE_ADDRESS = "172.20.0.100";

    private final LabHosts lab;

    SluicePair(LabHosts lab) {
        this.lab = lab;
    }

    @Override
    public String name() {
        return "sluice";
    }

    @Override
    public void start() {
        lab.script(LabHosts.CLIENT, "curl --silent --max-time 10 --output /dev/null http://" + RESOURCE_ADDRESS + "/");
    }

    @Override
    public String target() {
        return RESOURCE_ADDRESS;
    }

    @Override
    public String clientProcess() {
        return "dev.sluice.datapath.app.Main client";
    }

    @Override
    public String gatewayProcess() {
        return "dev.sluice.datapath.app.Main gateway";
    }

    @Override
    public boolean runsOnJvm() {
        return true;
    }

    @Override
    public void stop() {
        // The lab keeps its client and gateway.
    }
}
