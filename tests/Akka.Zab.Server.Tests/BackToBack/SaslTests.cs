namespace Akka.Zab.Server.Tests.BackToBack;

/// <summary>
/// Logins with SASL, good and bad, and what follows from them, at a real ZooKeeper and at ours: every reply is the same.
/// </summary>
[Collection("processes")]
public class SaslTests
{
    const string Jaas = """
        Server { org.apache.zookeeper.server.auth.DigestLoginModule required
            user_bob="secret" user_alice="geheim" user_root="toor" user_super="sesame"; };
        """;

    const string Users = """
        akka.zab.sasl {
          users = [
            { name = bob, password = secret }, { name = alice, password = geheim }
            { name = root, password = toor }, { name = super, password = sesame }
          ]
          super-users = [root]
        }

        """;

    [ToolFact(ReferenceServer.Java, ReferenceServer.Jar)]
    public Task Where_users_may_log_in() => CompareAsync("", "");

    [ToolFact(ReferenceServer.Java, ReferenceServer.Jar)]
    public Task Where_failed_logins_are_allowed()
        => CompareAsync("-Dzookeeper.allowSaslFailedClients=true", "akka.zab.sasl.allow-failed = on");

    [ToolFact(ReferenceServer.Java, ReferenceServer.Jar)]
    public Task Where_everybody_must_log_in()
        => CompareAsync("-Dzookeeper.sessionRequireClientSASLAuth=true", "akka.zab.acl.required-schemes = [sasl]");

    [ToolFact(ReferenceServer.Java, ReferenceServer.Jar)]
    public Task Where_sasl_or_digest_will_do()
        => CompareAsync(
            "-Dzookeeper.enforce.auth.enabled=true -Dzookeeper.enforce.auth.schemes=sasl,digest",
            "akka.zab.acl.required-schemes = [sasl, digest]");

    static async Task CompareAsync(string properties, string settings)
    {
        var pair = new PairSettings
        {
            Jaas = Jaas,
            Properties = ["-Dzookeeper.superUser=root", .. properties.Split(' ', StringSplitOptions.RemoveEmptyEntries)],
            Hocon = Users + settings,
        };
        using var zooKeeper = new ReferenceServer(pair);
        await using var zab = new OurServer(pair);
        await zooKeeper.StartedAsync();
        var expected = new SaslVisits(zooKeeper.Port).All();
        var actual = new SaslVisits(await zab.StartedAsync()).All();
        Assert.Contains(expected, line => line.Contains("sasl:bob"));
        var different = expected.Zip(actual, (theirs, ours) => (Theirs: theirs, Ours: ours))
            .Where(both => both.Theirs != both.Ours)
            .Select(both => $"ZooKeeper, {both.Theirs}\nours, {both.Ours}\n");
        Assert.True(!different.Any(), string.Join('\n', different));
    }
}
