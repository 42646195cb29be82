using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Xunit.Abstractions;

namespace Akka.Zab.ZooKeeper.Tests.Whole;

/// <summary>
/// Malformed input harms nobody else: clients that send nonsense, a third of them over TLS or instead of it, and beside
/// them a live session with an ephemeral znode, a watch and credentials, which notices nothing. <c>ZAB_FUZZ_FRAMES</c> says how many frames (a million for a
/// release), <c>ZAB_FUZZ_SEED</c> which; without it two fixed seeds and a random one, which is printed.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output) : IDisposable
{
    const int LongestFrame = 64 * 1024;
    const int Connections = 12;

    static int Frames => int.TryParse(
        Environment.GetEnvironmentVariable("ZAB_FUZZ_FRAMES"), CultureInfo.InvariantCulture, out var frames)
            ? frames : 12_000;

    static int[] Seeds => int.TryParse(
        Environment.GetEnvironmentVariable("ZAB_FUZZ_SEED"), CultureInfo.InvariantCulture, out var seed)
            ? [seed] : [1, 2, Random.Shared.Next()];

    readonly TlsFiles _tls = new();

    public void Dispose() => _tls.Dispose();

    [Fact]
    public async Task A_live_session_notices_nothing_of_clients_that_send_nonsense()
    {
        await using var server = await TestServer.StartAsync(
            $$"""
              akka.zab {
                client-port.max-request = 64KiB, four-letter-words = ["*"], extended-types = on
                # A login that fails must not end the connections that keep going.
                sasl { users = [{ name = bob, password = secret }], allow-failed = on }
              }
              {{_tls.Settings("client-certificates = optional")}}
              """);
        var faults = new ConcurrentQueue<string>();
        var listener = server.System.ActorOf(Props.Create(typeof(FaultListener), faults));
        server.System.EventStream.Subscribe(listener, typeof(Error));

        using var live = await LiveSession.StartAsync(server);
        using var halfOpen = new HalfOpenHandshakes();
        await halfOpen.OpenAsync(server.Port.SecureEndpoint!, 30);
        foreach (var seed in Seeds)
        {
            output.WriteLine($"seed {seed}");
            var share = Frames / Seeds.Length / Connections;
            await Task.WhenAll(Enumerable.Range(0, Connections).Select(
                i => Task.Run(() => AttackAsync(
                    server, unchecked((seed * Connections) + i), share, live.SessionId, secure: i % 3 == 0))));
        }
        var rounds = await live.StopAsync();
        var received = long.Parse(
            (await server.WordAsync("srvr")).Split("Received: ")[1].Split('\n')[0], CultureInfo.InvariantCulture);
        output.WriteLine($"{Frames} frames, {received} of them requests, {rounds} rounds of the live session");
        // Where nearly nothing was taken for a request, the test would test the handshake.
        Assert.True(received > Frames / 2);
        Assert.Empty(faults);
        Assert.Equal("imok", await server.WordAsync("ruok"));
        await using var another = await TlsFiles.DialAsync(server.Port.SecureEndpoint!);
        using var session = new RawSession(another);
        await session.ConnectAsync();
        Assert.Equal(0, (await session.CallAsync(11)).Error);
    }

    static async Task AttackAsync(TestServer server, int seed, int frames, long victim, bool secure)
    {
        var fuzz = new FuzzFrames(seed, LongestFrame, victim);
        for (var sent = 0; sent < frames; sent++)
        {
            if (secure && fuzz.InsteadOfTls() is { } nonsense)
            {
                await ThrowAsync(server.Port.SecureEndpoint!, nonsense);
                continue;
            }
            await using Stream stream = secure
                ? await TlsFiles.DialAsync(server.Port.SecureEndpoint!) : await RawSession.DialAsync(server.Endpoint);
            var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var taking = TakeAsync(stream, answered);
            try
            {
                await stream.WriteAsync(fuzz.Handshake(out var isWhole));
                // What is sent before the session is open would only be thrown away with the connection.
                if (isWhole) await answered.Task;
                for (var left = fuzz.Length; left > 0 && !taking.IsCompleted; left--, sent++)
                    await stream.WriteAsync(fuzz.Next());
                if (stream is SslStream encrypted) await encrypted.ShutdownAsync();
                else ((NetworkStream)stream).Socket.Shutdown(SocketShutdown.Send);
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // The server has closed the connection, as it may.
            }
            await taking;
        }
    }

    /// <summary>Sends something that is no handshake, and waits until the server has closed the connection.</summary>
    static async Task ThrowAsync(IPEndPoint endpoint, byte[] nonsense)
    {
        await using var stream = (NetworkStream)await RawSession.DialAsync(endpoint);
        var taking = TakeAsync(stream, new TaskCompletionSource());
        try
        {
            await stream.WriteAsync(nonsense);
            stream.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The server has closed the connection, as it should.
        }
        await taking;
    }

    /// <summary>Takes what the server says until it closes the connection.</summary>
    static async Task TakeAsync(Stream stream, TaskCompletionSource answered)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer) > 0) answered.TrySetResult();
        }
        catch (IOException)
        {
            // Reset, because not all was read.
        }
        answered.TrySetResult();
    }

    sealed class FaultListener(ConcurrentQueue<string> faults) : UntypedActor
    {
        protected override void OnReceive(object message) => faults.Enqueue(message.ToString() ?? "");
    }

    /// <summary>
    /// Sets and reads its own znode without end, and gets each event of it, no other, and everything in order.
    /// </summary>
    sealed class LiveSession : IDisposable
    {
        readonly RawSession _session;
        readonly CancellationTokenSource _stop = new();
        Task<int> _running = Task.FromResult(0);

        LiveSession(RawSession session) => _session = session;

        public long SessionId => _session.SessionId;

        public static async Task<LiveSession> StartAsync(TestServer server)
        {
            var live = new LiveSession(await server.ConnectAsync());
            var session = live._session;
            // Nobody else can do anything to it: only who may delete from /live could, and / has it for a child.
            await session.CallAsync(100, frame => frame.Int(0).String("digest").Buffer("live:secret"u8.ToArray()));
            foreach (var (path, flags) in new[] { ("/live", 0), ("/live/child", 0), ("/live/e", 1) })
            {
                var created = await session.CallAsync(1, frame => frame
                    .String(path).Buffer([]).Int(1).Int(31).String("auth").String("").Int(flags));
                Assert.Equal(0, created.Error);
            }
            Assert.Equal(0, (await session.CallAsync(106, frame => frame.String("/live").Int(1))).Error);
            live._running = Task.Run(live.RunAsync);
            return live;
        }

        /// <summary>Stops, and says how often it went round.</summary>
        public async Task<int> StopAsync()
        {
            await _stop.CancelAsync();
            return await _running;
        }

        public void Dispose() => _session.Dispose();

        async Task<int> RunAsync()
        {
            var zxid = 0L;
            for (var round = 1; ; round++)
            {
                var value = round.ToString(CultureInfo.InvariantCulture);
                var set = await _session.CallAsync(
                    5, frame => frame.String("/live/child").Buffer(System.Text.Encoding.UTF8.GetBytes(value)).Int(round - 1));
                Assert.Equal(0, set.Error);
                Assert.True(set.Zxid > zxid);
                zxid = set.Zxid;
                Assert.Equal(value, await _session.GetAsync("/live/child"));
                Assert.Equal(0, (await _session.CallAsync(3, frame => frame.String("/live/e").Bool(false))).Error);
                Assert.Equal(-2, (await _session.CallAsync(11)).Xid);
                Assert.Equal(round, _session.Events.Count);
                if (_stop.IsCancellationRequested) return round;
            }
        }
    }
}
