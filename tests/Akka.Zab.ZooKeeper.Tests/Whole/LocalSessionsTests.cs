using System.Text.RegularExpressions;
using Akka.Zab.ZooKeeper.Tests.Jute;

namespace Akka.Zab.ZooKeeper.Tests.Whole;

/// <summary>ZOOKEEPER-PROTOCOL.md, section 10, local sessions: over the port of a whole server.</summary>
public sealed class LocalSessionsTests
{
    const int EphemeralOnLocalSession = -120;

    static Task<TestServer> StartAsync(bool upgrade) => TestServer.StartAsync(
        $"akka.zab {{ four-letter-words = [\"*\"], sessions {{ local = on, local-upgrade = {(upgrade ? "on" : "off")} }} }}");

    [Fact]
    public async Task Sessions_come_and_go_without_a_transaction()
    {
        await using var server = await StartAsync(upgrade: false);
        var before = Zxid(await server.WordAsync("srvr"));
        for (var i = 0; i < 10; i++)
        {
            var sessions = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => server.ConnectAsync()));
            Assert.Equal(50, sessions.Select(session => session.SessionId).Distinct().Count());
            foreach (var session in sessions) Assert.Equal(0, (await session.CallAsync(-11)).Error);
            foreach (var session in sessions) Assert.Null(await session.NextAsync());
        }
        using var one = await server.ConnectAsync();
        Assert.Contains("\nzk_global_sessions\t0\nzk_local_sessions\t1\n", await server.WordAsync("mntr"));
        Assert.Matches(
            $"^SessionTracker dump:\nLocal Session Sets \\(1\\)/\\(1\\):\n1 expire at [^\n]*:\n\t0x{one.SessionId:x}\n" +
            "Global Session Sets \\(0\\)/\\(0\\):\n", await server.WordAsync("dump"));
        Assert.Equal(before, Zxid(await server.WordAsync("srvr")));
    }

    [Fact]
    public async Task It_reads_watches_and_writes_like_any_other()
    {
        await using var server = await StartAsync(upgrade: false);
        using var session = await server.ConnectAsync();
        Assert.Equal(0, await session.CreateAsync("/a", "1"u8.ToArray()));
        Assert.Equal(0, (await session.CallAsync(4, frame => frame.String("/a").Bool(true))).Error);
        Assert.Equal(0, await session.SetAsync("/a", "2"u8.ToArray()));
        Assert.Single(session.Events);
        Assert.Equal("2", await session.GetAsync("/a"));
        Assert.Equal(0, (await session.CallAsync(9, frame => frame.String("/"))).Error);
        Assert.Equal(0, await session.DeleteAsync("/a"));
        Assert.Equal(-101, await session.DeleteAsync("/a"));
    }

    [Fact]
    public async Task Without_upgrades_ephemerals_are_refused_and_nothing_else_is_lost()
    {
        await using var server = await StartAsync(upgrade: false);
        using var session = await server.ConnectAsync();
        Assert.Equal(EphemeralOnLocalSession, await session.CreateAsync("/e", flags: 1));
        Assert.Equal(EphemeralOnLocalSession, await session.CreateAsync("/e", flags: 3));
        Assert.Equal(EphemeralOnLocalSession, (await session.CallAsync(
            15, frame => frame.String("/e").Buffer([]).OpenAcl().Int(1))).Error);
        var multi = await session.CallAsync(14, frame => frame
            .Op(1).String("/p").Buffer([]).OpenAcl().Int(0).Op(1).String("/e").Buffer([]).OpenAcl().Int(1).Done());
        Assert.Equal(
            new Frame().Int(-1).Bool(false).Int(0).Int(0).Int(-1).Bool(false).Int(-120).Int(-120).Done().Bytes, multi.Body);
        Assert.Equal(-101, (await session.CallAsync(3, frame => frame.String("/p").Bool(false))).Error);
        Assert.Equal(0, await session.CreateAsync("/p"));
        Assert.Equal(0, (await session.CallAsync(-11)).Error);
    }

    [Fact]
    public async Task With_upgrades_an_ephemeral_makes_it_a_session_of_the_ensemble_in_its_turn()
    {
        await using var server = await StartAsync(upgrade: true);
        using var session = await server.ConnectAsync();
        await session.SendAsync(1, frame => frame.String("/p").Buffer([]).OpenAcl().Int(0));
        await session.SendAsync(1, frame => frame.String("/p/e").Buffer([]).OpenAcl().Int(1));
        await session.SendAsync(103, frame => frame.String("/"));
        await session.SendAsync(2, frame => frame.String("/p").Int(-1));
        foreach (var expected in (int[])[0, 0, 0, -111]) Assert.Equal(expected, (await session.ReplyAsync()).Error);
        Assert.Contains("\nzk_global_sessions\t1\nzk_local_sessions\t0\n", await server.WordAsync("mntr"));
        Assert.Contains($"0x{session.SessionId:x}:\n\t/p/e\n", await server.WordAsync("dump"));

        using var other = await server.ConnectAsync();
        using var again = new RawSession(await RawSession.DialAsync(server.Endpoint));
        await again.ConnectAsync(session: session.SessionId, password: session.Password);
        Assert.Equal(session.SessionId, again.SessionId);
        Assert.NotNull(await other.GetAsync("/p/e"));
        Assert.Equal(0, (await again.CallAsync(-11)).Error);
        Assert.Equal(-101, (await other.CallAsync(3, frame => frame.String("/p/e").Bool(false))).Error);
    }

    [Fact]
    public async Task Its_client_comes_back_to_it_until_it_expires_at_its_server()
    {
        await using var server = await StartAsync(upgrade: true);
        var session = await server.ConnectAsync();
        session.Dispose();
        using (var again = new RawSession(await RawSession.DialAsync(server.Endpoint)))
        {
            await again.ConnectAsync(timeoutMs: 1000, session: session.SessionId, password: session.Password);
            Assert.Equal((session.SessionId, 1000), (again.SessionId, again.TimeoutMs));
        }
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!(await server.WordAsync("mntr")).Contains("\nzk_local_sessions\t0\n"))
            patience.Token.ThrowIfCancellationRequested();
        using var late = new RawSession(await RawSession.DialAsync(server.Endpoint));
        await late.ConnectAsync(session: session.SessionId, password: session.Password);
        Assert.Equal((0L, 0), (late.SessionId, late.TimeoutMs));
    }

    [Fact]
    public async Task Who_does_not_know_its_secret_or_asks_for_another_one_is_told_that_it_has_expired()
    {
        await using var server = await StartAsync(upgrade: true);
        using var session = await server.ConnectAsync();
        using var stranger = new RawSession(await RawSession.DialAsync(server.Endpoint));
        await stranger.ConnectAsync(session: session.SessionId + 1, password: session.Password);
        Assert.Equal((0L, 0), (stranger.SessionId, stranger.TimeoutMs));
        using var thief = new RawSession(await RawSession.DialAsync(server.Endpoint));
        await thief.ConnectAsync(session: session.SessionId, password: new byte[16]);
        Assert.Equal((0L, 0), (thief.SessionId, thief.TimeoutMs));
        Assert.Equal(0, await session.CreateAsync("/still-there"));
    }

    static string Zxid(string srvr) => Regex.Match(srvr, "Zxid: (0x[0-9a-f]+)").Groups[1].Value;
}
