package dev.sluice.datapath.wireguard;

import static dev.sluice.datapath.wireguard.DevicePair.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.HandshakeInitiation;
import dev.sluice.datapath.wire.TransportData;
import dev.sluice.datapath.wire.WireGuardMessage;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeviceTest {
    private final DevicePair pair = new DevicePair(1);
    private final DevicePair.Host left = pair.left;
    private final DevicePair.Host right = pair.right;

    @AfterEach
    void everyPacketIsAccountedFor() {
        assertThat(left.device.ledger().counts().balanced()).isTrue();
        assertThat(right.device.ledger().counts().balanced()).isTrue();
    }

    @Test
    void shouldHoldPacketsUntilTheHandshakeIsDone() {
        for (int i = 0; i < 5; i++) {
            left.send(i);
        }
        assertThat(left.device.ledger().held()).isEqualTo(5);
        assertThat(left.initiations).isEqualTo(1);

        pair.pass(SECOND);
        assertThat(left.device.ledger().held()).isZero();
        assertThat(right.numbers()).containsExactly(0, 1, 2, 3, 4);
        assertThat(right.delivered.getFirst())
                .as("without its padding")
                .isEqualTo(DevicePair.packet("10.0.0.1", "10.0.0.2", 0, 100));
    }

    @Test
    void shouldLearnTheEndpointFromTheHandshake() {
        right.send(0);
        assertThat(right.device.ledger().dropped(DropReason.NO_PATH)).isEqualTo(1);

        left.send(1);
        pair.pass(SECOND);
        right.send(2);
        pair.pass(SECOND);
        assertThat(left.numbers()).containsExactly(2);
        assertThat(right.device.status(pair.now).getFirst().endpoint()).isEqualTo(left.endpoint);
        assertThat(left.device.status(pair.now).getFirst().session()).isTrue();
        assertThat(left.device.status(pair.now).getFirst().sentBytes()).isPositive();
    }

    @Test
    void shouldAnswerFromTheAddressThatThePeerSendsTo() {
        left.send(1);
        assertThat(left.leftFrom).as("it has heard nothing yet").isNull();
        pair.pass(SECOND);
        right.send(2);
        assertThat(right.leftFrom).isEqualTo(right.endpoint);

        right.device.forgetLocals(local -> !local.equals(right.endpoint));
        right.send(3);
        assertThat(right.leftFrom).as("still there").isEqualTo(right.endpoint);

        right.device.forgetLocals(local -> local.equals(right.endpoint));
        right.send(4);
        assertThat(right.leftFrom).as("gone from the host").isNull();
        pair.pass(SECOND);
    }

    @Test
    void shouldBoundWhatWaits() {
        pair.weather = new DevicePair.Weather(0, 0, 1, 0);
        for (int i = 0; i < 200; i++) {
            left.send(i);
        }
        assertThat(left.device.ledger().held()).isEqualTo(HeldPackets.CAPACITY);
        assertThat(left.device.ledger().dropped(DropReason.QUEUE_FULL)).isEqualTo(72);

        pair.pass(91 * SECOND);
        assertThat(left.device.ledger().held()).isZero();
        assertThat(left.device.ledger().dropped(DropReason.TIMED_OUT)).isEqualTo(HeldPackets.CAPACITY);

        pair.weather = DevicePair.Weather.FINE;
        left.send(1000);
        pair.pass(6 * SECOND);
        assertThat(right.numbers()).as("new data starts a new handshake").containsExactly(1000);
    }

    @Test
    void shouldPadToSixteenBytesButNotBeyondTheMtu() {
        left.send(0);
        pair.pass(SECOND);
        for (int length : new int[] {100, 112, 113, 1419, 1420}) {
            pair.wiretap.clear();
            left.send(length, length);
            int padded = Math.min((length + 15) / 16 * 16, 1420);
            assertThat(pair.wiretap.getFirst()).hasSize(padded + TransportData.OVERHEAD);
        }
        pair.pass(SECOND);
        assertThat(right.delivered).extracting(packet -> packet.length).containsExactly(100, 100, 112, 113, 1419, 1420);
    }

    @Test
    void shouldFollowTheAuthenticatedPeerToAnotherAddress() {
        connect();
        left.move("198.51.100.7:4000");
        left.send(1);
        pair.pass(SECOND);
        right.send(2);
        pair.pass(SECOND);

        assertThat(left.numbers()).containsExactly(2);
        assertThat(right.device.status(pair.now).getFirst().endpoint()).isEqualTo(left.endpoint);
        assertThat(left.initiations + right.initiations).isEqualTo(1);
    }

    @Test
    void shouldNotFollowAReplayOrAForgery() {
        connect();
        byte[] genuine = pair.wiretap.stream()
                .filter(datagram -> WireGuardMessage.type(datagram, 0, datagram.length) == TransportData.TYPE)
                .findFirst()
                .orElseThrow();
        byte[] forged = genuine.clone();
        forged[forged.length - 1] ^= 1;
        forged[TransportData.COUNTER_FIELD_OFFSET] = 99;
        Endpoint elsewhere = Endpoint.parse("203.0.113.66:6666");
        Endpoint before = right.device.status(pair.now).getFirst().endpoint();
        pair.inject(elsewhere, right, genuine);
        pair.inject(elsewhere, right, forged);
        for (byte[] datagram : List.copyOf(pair.wiretap)) {
            pair.inject(elsewhere, right, datagram);
        }
        pair.pass(SECOND);

        assertThat(right.device.status(pair.now).getFirst().endpoint()).isEqualTo(before);
        assertThat(right.device.ledger().dropped(DropReason.REPLAYED)).isGreaterThan(2);
        assertThat(right.device.ledger().dropped(DropReason.FORGED))
                .as("the forged packet, and its own response, which was not written to itself")
                .isEqualTo(2);
        assertThat(right.delivered).hasSize(1);
    }

    @Test
    void shouldRefuseSourceAddressesThatAreNotThePeers() {
        connect();
        byte[] spoofed = DevicePair.packet("10.0.0.9", "10.0.0.2", 1, 100);
        left.device.handlePacket(spoofed, 0, spoofed.length, pair.now);
        pair.pass(SECOND);

        assertThat(right.device.ledger().dropped(DropReason.WRONG_SOURCE)).isEqualTo(1);
        assertThat(right.delivered).hasSize(1);
    }

    @Test
    void shouldDropWhatBelongsToNoPeer() {
        byte[] packet = DevicePair.packet("10.0.0.1", "10.0.0.3", 1, 100);
        left.device.handlePacket(packet, 0, packet.length, pair.now);
        left.device.handlePacket(new byte[40], 0, 40, pair.now);
        left.device.handlePacket(new byte[0], 0, 0, pair.now);

        assertThat(left.device.ledger().dropped(DropReason.UNKNOWN_PEER)).isEqualTo(1);
        assertThat(left.device.ledger().dropped(DropReason.MALFORMED)).isEqualTo(2);
        assertThat(pair.wiretap).isEmpty();
    }

    @Test
    void shouldSurviveAnyDatagram() {
        connect();
        Random random = new Random(7);
        Endpoint source = Endpoint.parse("203.0.113.66:6666");
        int[] lengths = {0, 1, 3, 4, 5, 15, 31, 32, 63, 64, 65, 91, 92, 93, 147, 148, 149, 1500, 65_507};
        for (int i = 0; i < 20_000; i++) {
            byte[] datagram = new byte[lengths[random.nextInt(lengths.length)]];
            random.nextBytes(datagram);
            if (datagram.length >= 4 && random.nextInt(4) > 0) {
                Arrays.fill(datagram, 0, 4, (byte) 0);
                datagram[0] = (byte) random.nextInt(6);
            }
            if (random.nextBoolean() && !pair.wiretap.isEmpty()) {
                byte[] real = pair.wiretap.get(random.nextInt(Math.min(50, pair.wiretap.size())));
                datagram = Arrays.copyOf(real, random.nextInt(real.length + 2));
                if (datagram.length > 0) {
                    datagram[random.nextInt(datagram.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            right.device.handleDatagram(source, source, datagram, 0, datagram.length, pair.now);
        }
        assertThat(right.delivered).hasSize(1);
        assertThat(right.device.ledger().counts().dropped())
                .containsKeys(
                        DropReason.UNKNOWN_TYPE, DropReason.MALFORMED, DropReason.FORGED, DropReason.UNKNOWN_INDEX);

        left.send(2);
        pair.pass(SECOND);
        assertThat(right.numbers()).contains(2);
    }

    @Test
    void shouldGetThroughUnderAFloodOfHandshakes() {
        byte[] key = MessageMac.mac1Key(right.device.publicKey());
        Random random = new Random(8);
        left.send(1);
        for (int i = 0; i < 3000; i++) {
            byte[] flood = new byte[HandshakeInitiation.LENGTH];
            random.nextBytes(flood);
            HandshakeInitiation.header(flood, 0, i);
            System.arraycopy(MessageMac.mac1(key, flood, 0), 0, flood, HandshakeInitiation.MAC1_FIELD_OFFSET, 16);
            pair.inject(Endpoint.parse("203.0.113.66:6666"), right, flood);
            pair.pass(5 * DevicePair.MILLISECOND);
        }
        pair.pass(2 * SECOND);

        assertThat(right.numbers()).containsExactly(1);
        assertThat(right.device.ledger().dropped(DropReason.RATE_LIMITED)).isPositive();
    }

    @Test
    void shouldRekeyForHoursWithoutLosingAPacket() {
        int sent = 4 * 3600;
        for (int i = 0; i < sent; i++) {
            left.send(i);
            pair.pass(SECOND / 2);
            right.send(i);
            pair.pass(SECOND / 2);
        }
        pair.pass(SECOND);

        assertThat(right.numbers()).isEqualTo(IntStream.range(0, sent).boxed().toList());
        assertThat(left.numbers()).isEqualTo(IntStream.range(0, sent).boxed().toList());
        assertThat(left.initiations).isBetween(sent / 125, sent / 119);
        assertThat(right.initiations).as("the responder never needs to").isZero();
    }

    @Test
    void shouldStayConnectedForADayOfBadWeather() {
        for (long seed = 1; seed <= 3; seed++) {
            DevicePair stormy = new DevicePair(seed);
            stormy.weather =
                    new DevicePair.Weather(20 * DevicePair.MILLISECOND, 80 * DevicePair.MILLISECOND, 0.1, 0.05);
            Random random = new Random(seed);
            int number = 0;
            for (long end = 24 * 3600 * SECOND; stormy.now < end; ) {
                (random.nextBoolean() ? stormy.left : stormy.right).send(number++);
                long pause = random.nextInt(50) == 0 ? 300 * SECOND : 10 * SECOND;
                stormy.pass(random.nextLong(pause));
            }
            stormy.pass(10 * SECOND);
            int received = stormy.left.delivered.size() + stormy.right.delivered.size();

            assertThat(stormy.left.numbers()).as("seed %d", seed).doesNotHaveDuplicates();
            assertThat(stormy.right.numbers()).as("seed %d", seed).doesNotHaveDuplicates();
            assertThat(received).as("seed %d, of %d", seed, number).isGreaterThan(number * 8 / 10);
            assertThat(stormy.left.device.ledger().counts().balanced()).isTrue();
            assertThat(stormy.right.device.ledger().counts().balanced()).isTrue();

            stormy.weather = DevicePair.Weather.FINE;
            stormy.left.send(number);
            stormy.pass(30 * SECOND);
            stormy.right.send(number);
            stormy.pass(30 * SECOND);
            assertThat(stormy.left.numbers()).as("seed %d, after healing", seed).contains(number);
        }
    }

    @Test
    void shouldHealAfterAnOutage() {
        connect();
        pair.weather = new DevicePair.Weather(0, 0, 1, 0);
        for (int i = 0; i < 600; i++) {
            left.send(100 + i);
            pair.pass(SECOND);
        }
        pair.weather = DevicePair.Weather.FINE;
        left.send(1000);
        pair.pass(6 * SECOND);

        assertThat(right.numbers()).contains(1000);
    }

    @Test
    void shouldKeepThePathOpenWithPersistentKeepalive() {
        DevicePair kept = new DevicePair(3, Timing.standard(), 25);
        kept.pass(3600 * SECOND);
        kept.left.move("198.51.100.9:9");
        kept.pass(26 * SECOND);
        kept.right.send(1);
        kept.pass(SECOND);

        assertThat(kept.left.numbers()).containsExactly(1);
    }

    @Test
    void shouldEraseEverythingWhenClosed() {
        left.send(1);
        left.device.close();

        assertThat(left.device.ledger().held()).isZero();
        assertThat(left.device.nextTimeout()).isEqualTo(Device.NO_TIMEOUT);
    }

    private void connect() {
        left.send(0);
        pair.pass(SECOND);
        assertThat(right.numbers()).containsExactly(0);
    }
}
