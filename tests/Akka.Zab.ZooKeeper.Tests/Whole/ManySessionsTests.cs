using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace Akka.Zab.ZooKeeper.Tests.Whole;

/// <summary>
/// Many sessions that do nothing but ping. <c>ZAB_SESSIONS</c> says how many (10000 to measure), and
/// <c>ZAB_PING_SECONDS</c> for how long they ping at the pace of real clients, three times in a timeout of ten seconds;
/// without it they ping three times one after the other.
/// </summary>
public sealed class ManySessionsTests(ITestOutputHelper output)
{
    const int TimeoutMs = 10_000;

    static int Setting(string name, int otherwise) => int.TryParse(
        Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    [Fact]
    public async Task Sessions_that_ping_live_on()
    {
        var (count, seconds) = (Setting("ZAB_SESSIONS", 200), Setting("ZAB_PING_SECONDS", 0));
        await using var server = await TestServer.StartAsync("akka.zab.four-letter-words = [\"*\"]");
        var sessions = new List<RawSession>();
        for (var i = 0; i < count; i += 100)
        {
            var some = Enumerable.Range(0, Math.Min(100, count - i)).Select(_ => server.ConnectAsync(TimeoutMs));
            sessions.AddRange(await Task.WhenAll(some));
            // The first ones must not wait until the last ones have come.
            await PingAsync(sessions[^Math.Min(sessions.Count, 100)..]);
            if (i % 2000 == 0) await PingAsync(sessions);
        }

        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(TimeoutMs / 3.0));
        using var process = Process.GetCurrentProcess();
        var (began, before) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
        var rounds = seconds == 0 ? 3 : Math.Max(1, seconds * 3000 / TimeoutMs);
        for (var round = 0; round < rounds; round++)
        {
            if (seconds > 0) await pace.WaitForNextTickAsync();
            await PingAsync(sessions);
        }
        process.Refresh();
        var (wall, cpu) = (Stopwatch.GetElapsedTime(began), process.TotalProcessorTime - before);
        output.WriteLine(FormattableString.Invariant(
            $"{count} sessions, {rounds * count} pings in {wall.TotalSeconds:0.0} s: {cpu.TotalMilliseconds:0} ms of CPU, clients included; {cpu.TotalMicroseconds / (rounds * count):0.0} us a ping, {cpu / wall:P1} of a core"));

        Assert.Contains($"Session Sets (", await server.WordAsync("dump"));
        Assert.Contains($")/({count}):\n", await server.WordAsync("dump"));
        sessions.ForEach(session => session.Dispose());
    }

    static async Task PingAsync(IReadOnlyList<RawSession> sessions)
    {
        foreach (var session in sessions) await session.SendAsync(11);
        foreach (var session in sessions) Assert.Equal((-2, 0), ((await session.ReplyAsync()) is var reply ? (reply.Xid, reply.Error) : default));
    }
}
