using System.Security.Cryptography;
using System.Text;
using Akka.Zab.Client;
using Akka.Zab.Client.Sasl;

namespace Akka.Zab.ZooKeeper.Tests.Whole;

/// <summary>ZOOKEEPER-PROTOCOL.md, sections 4 and 9: op 102, DIGEST-MD5, and who is told what without it.</summary>
public sealed class SaslTests
{
    const int AuthFailed = -115, RequiresAuth = -124, NoAuth = -102;

    const string Users = """
        akka.zab.sasl {
          users = [
            { name = bob, password = secret }
            { name = alice, password = geheim }
            { name = root, password = toor }
            { name = super, password = sesame }
          ]
          super-users = [root]
        }

        """;

    [Fact]
    public async Task Who_logs_in_is_known_and_meant_by_what_names_him()
    {
        await using var server = await TestServer.StartAsync(Users);
        using var bob = await server.ConnectAsync();
        Assert.Equal(SaslState.Done, await LogInAsync(bob, "bob", "secret"));
        Assert.Contains(("sasl", "bob"), await WhoAsync(bob));
        Assert.Equal(0, await CreateAsync(bob, "/auth", "auth", ""));
        Assert.Equal(0, await CreateAsync(bob, "/alices", "sasl", "alice"));
        Assert.Equal(["sasl:bob"], await AclAsync(bob, "/auth"));
        Assert.Equal(0, await bob.SetAsync("/auth", [1]));
        Assert.Equal(NoAuth, await bob.SetAsync("/alices", [1]));

        using var alice = await server.ConnectAsync();
        Assert.Equal(NoAuth, await alice.SetAsync("/alices", [1]));
        Assert.Equal(SaslState.Done, await LogInAsync(alice, "alice", "geheim"));
        Assert.Equal(0, await alice.SetAsync("/alices", [1]));
        Assert.Equal(NoAuth, await alice.SetAsync("/auth", [1]));
    }

    [Fact]
    public async Task One_named_super_is_meant_by_every_entry_of_sasl_and_a_super_user_may_do_everything()
    {
        await using var server = await TestServer.StartAsync(Users);
        using var bob = await server.ConnectAsync();
        Assert.Equal(SaslState.Done, await LogInAsync(bob, "bob", "secret"));
        Assert.Equal(0, await CreateAsync(bob, "/bobs", "sasl", "bob"));
        Assert.Equal(0, await CreateAsync(bob, "/digests", "digest", "x:y"));

        using var named = await server.ConnectAsync();
        Assert.Equal(SaslState.Done, await LogInAsync(named, "super", "sesame"));
        Assert.Equal(0, await named.SetAsync("/bobs", [1]));
        Assert.Equal(NoAuth, await named.SetAsync("/digests", [1]));

        using var root = await server.ConnectAsync();
        Assert.Equal(SaslState.Done, await LogInAsync(root, "root", "toor"));
        Assert.Equal([("sasl", "root"), ("super", "")], (await WhoAsync(root)).Where(id => id.Scheme != "ip"));
        Assert.Equal(0, await root.SetAsync("/digests", [1]));
    }

    [Theory]
    [InlineData("bob", "wrong")]
    [InlineData("nobody", "secret")]
    public async Task Whoever_fails_is_told_so_with_zxid_0_and_loses_the_connection_but_not_the_session(string user, string password)
    {
        await using var server = await TestServer.StartAsync(Users);
        using var session = await server.ConnectAsync();
        await session.CreateAsync("/mine", flags: 1);
        var answer = new DigestMd5Client(new SaslCredentials(user, password), bytes => RandomNumberGenerator.Fill(bytes))
            .Take(Token(await session.CallAsync(102, frame => frame.Buffer([]))));
        await session.SendAsync(102, frame => frame.Buffer(answer.Token));
        await session.SendAsync(5, frame => frame.String("/mine").Buffer([1]).Int(-1));
        var refusal = await session.ReplyAsync();
        Assert.Equal((AuthFailed, 0), (refusal.Error, refusal.Zxid));
        Assert.Equal([0xFF, 0xFF, 0xFF, 0xFF], refusal.Body);
        Assert.Null(await session.NextAsync());
        using var again = new RawSession(await RawSession.DialAsync(server.Endpoint));
        await again.ConnectAsync(session: session.SessionId, password: session.Password);
        Assert.Equal("", await again.GetAsync("/mine"));
    }

    [Fact]
    public async Task A_token_that_is_none_is_refused()
    {
        await using var server = await TestServer.StartAsync(Users);
        using var session = await server.ConnectAsync();
        Assert.NotEmpty(Token(await session.CallAsync(102, frame => frame.Buffer([1, 2, 3]))));
        Assert.Equal(AuthFailed, (await session.CallAsync(102, frame => frame.Buffer([1, 2, 3]))).Error);
        Assert.Null(await session.NextAsync());
    }

    [Fact]
    public async Task Another_login_on_the_same_connection_is_refused()
    {
        await using var server = await TestServer.StartAsync(Users);
        using var session = await server.ConnectAsync();
        Assert.Equal(SaslState.Done, await LogInAsync(session, "bob", "secret"));
        Assert.Equal(AuthFailed, (await session.CallAsync(102, frame => frame.Buffer([]))).Error);
        Assert.Null(await session.NextAsync());
    }

    [Fact]
    public async Task Where_failed_logins_are_allowed_the_client_goes_on_as_nobody()
    {
        await using var server = await TestServer.StartAsync(Users + "akka.zab.sasl.allow-failed = on");
        using var session = await server.ConnectAsync();
        Assert.NotEmpty(Token(await session.CallAsync(102, frame => frame.Buffer([]))));
        var reply = await session.CallAsync(102, frame => frame.Buffer([1, 2, 3]));
        Assert.Equal((0, 0), (reply.Error, reply.Zxid));
        Assert.Equal([0xFF, 0xFF, 0xFF, 0xFF], reply.Body);
        Assert.DoesNotContain(await WhoAsync(session), id => id.Scheme == "sasl");
        Assert.Equal(0, await session.CreateAsync("/a"));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(3)]
    [InlineData(107)]
    [InlineData(-11)]
    [InlineData(999)]
    public async Task Where_sasl_is_required_whoever_has_not_logged_in_is_told_so_and_loses_the_connection(int operation)
    {
        await using var server = await TestServer.StartAsync(Users + "akka.zab.acl.required-schemes = [sasl]");
        using var session = await server.ConnectAsync();
        Assert.Equal(0, (await session.CallAsync(
            100, frame => frame.Int(0).String("digest").Buffer("bob:secret"u8.ToArray()))).Error);
        var refusal = await session.CallAsync(operation, frame => frame.String("/").Bool(false));
        Assert.Equal((RequiresAuth, 0), (refusal.Error, refusal.Zxid));
        Assert.Null(await session.NextAsync());
    }

    [Fact]
    public async Task Where_sasl_is_required_a_failed_login_is_told_that_and_is_not_allowed()
    {
        await using var server = await TestServer.StartAsync(
            Users + "akka.zab { acl.required-schemes = [sasl], sasl.allow-failed = on }");
        using var session = await server.ConnectAsync();
        Assert.NotEmpty(Token(await session.CallAsync(102, frame => frame.Buffer([]))));
        var refusal = await session.CallAsync(102, frame => frame.Buffer([1, 2, 3]));
        Assert.Equal((RequiresAuth, 0), (refusal.Error, refusal.Zxid));
        Assert.Null(await session.NextAsync());
        using var bob = await server.ConnectAsync();
        Assert.Equal(SaslState.Done, await LogInAsync(bob, "bob", "secret"));
        Assert.Equal(0, await bob.CreateAsync("/a"));
    }

    [Fact]
    public async Task Where_nobody_can_log_in_there_is_no_token_and_the_client_goes_on()
    {
        await using var server = await TestServer.StartAsync();
        using var session = await server.ConnectAsync();
        foreach (var token in new byte[][] { [], [1, 2, 3] })
        {
            var reply = await session.CallAsync(102, frame => frame.Buffer(token));
            Assert.Equal((0, 0), (reply.Error, reply.Zxid));
            Assert.Equal([0xFF, 0xFF, 0xFF, 0xFF], reply.Body);
        }
        Assert.Equal(0, await session.CreateAsync("/a"));
    }

    static async Task<SaslState> LogInAsync(RawSession session, string user, string password)
    {
        var client = new DigestMd5Client(new SaslCredentials(user, password), bytes => RandomNumberGenerator.Fill(bytes));
        var step = SaslStep.GoOn([]);
        while (step.State == SaslState.GoesOn)
        {
            var token = step.Token;
            step = client.Take(Token(await session.CallAsync(102, frame => frame.Buffer(token))));
        }
        return step.State;
    }

    static byte[] Token(RawReply reply)
    {
        Assert.Equal((0, 0), (reply.Error, reply.Zxid));
        return reply.Body[4..];
    }

    static async Task<int> CreateAsync(RawSession session, string path, string scheme, string id)
        => (await session.CallAsync(1, frame => frame
            .String(path).Buffer([]).Int(1).Int(31).String(scheme).String(id).Int(0))).Error;

    static async Task<IEnumerable<string>> AclAsync(RawSession session, string path)
    {
        var reader = new JuteReader((await session.CallAsync(6, frame => frame.String(path))).Body);
        var entries = new string[reader.ReadInt()];
        for (var i = 0; i < entries.Length; i++)
        {
            reader.ReadInt();
            entries[i] = $"{reader.ReadString()}:{reader.ReadString()}";
        }
        return entries;
    }

    static async Task<IReadOnlyList<(string Scheme, string Id)>> WhoAsync(RawSession session)
    {
        var reader = new JuteReader((await session.CallAsync(107)).Body);
        var ids = new (string, string)[reader.ReadInt()];
        for (var i = 0; i < ids.Length; i++) ids[i] = (reader.ReadString()!, reader.ReadString()!);
        return ids;
    }
}
