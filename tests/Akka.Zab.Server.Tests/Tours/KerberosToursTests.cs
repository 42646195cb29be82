using Akka.Zab.Server.Tests.BackToBack;

namespace Akka.Zab.Server.Tests.Tours;

/// <summary>Clients made for ZooKeeper that log in with Kerberos, in a realm of the test's own.</summary>
[Collection("processes")]
public sealed class KerberosToursTests : IDisposable
{
    const string Java = "/usr/bin/java";
    const string Javac = "/usr/bin/javac";
    const int RequiresAuth = -124;
    const string Service = "zookeeper/localhost";

    readonly string _folder = Directory.CreateTempSubdirectory("zab-test-").FullName;
    readonly KerberosRealm _realm = new();

    public void Dispose()
    {
        _realm.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [ToolFact(Java, Javac, ReferenceServer.Jar, KerberosRealm.Kdc, KerberosRealm.Admin, KerberosRealm.Database)]
    public Task ZooKeepers_client_for_Java_logs_in_with_its_ticket()
        => TourAsync("", "bob@EXAMPLE.COM", "app/host1@EXAMPLE.COM");

    [ToolFact(Java, Javac, ReferenceServer.Jar, KerberosRealm.Kdc, KerberosRealm.Admin, KerberosRealm.Database)]
    public Task Host_and_realm_may_be_left_out_of_the_id()
        => TourAsync("remove-host = on, remove-realm = on", "bob", "app");

    [ToolFact(KerberosRealm.Kdc, KerberosRealm.Admin, KerberosRealm.Database)]
    public async Task A_token_that_is_no_ticket_is_refused()
    {
        await _realm.StartAsync(Service);
        await using var server = new OurServer(new PairSettings { Hocon = Settings("") });
        var port = await server.StartedAsync();
        var random = new Random(7);
        for (var i = 0; i < 50; i++)
        {
            var token = new byte[1 + random.Next(300)];
            random.NextBytes(token);
            // What every token begins with: its length, and that it is Kerberos'.
            ReadOnlySpan<byte> begin = [0x60, 0x82, 1, 0, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2, 1, 0];
            begin[..Math.Min(1 + (i % begin.Length), token.Length)].CopyTo(token);
            Assert.Equal(RequiresAuth, SaslVisits.ErrorOf(port, token));
        }
    }

    async Task TourAsync(string settings, params string[] ids)
    {
        await _realm.StartAsync(Service, "bob", "app/host1");
        var jaas = Path.Combine(_folder, "jaas.conf");
        await File.WriteAllTextAsync(jaas, $$"""
            {{Section("Bob", "bob")}}
            {{Section("App", "app/host1")}}
            Root { org.apache.zookeeper.server.auth.DigestLoginModule required username="root" password="toor"; };
            """);
        await using var server = new OurServer(new PairSettings
        {
            Hocon = Settings(settings),
        });
        var path = string.Join(':', _folder, "/usr/share/java/slf4j-nop.jar", ReferenceServer.Jar);
        var (exitCode, output) = await TouredEnsemble.ToolAsync(
            Javac, "-d", _folder, "-cp", path, TouredEnsemble.File("Talk.java"), TouredEnsemble.File("KerberosTour.java"));
        Assert.True(exitCode == 0, output);
        (_, output) = await TouredEnsemble.ToolAsync(
            Java, "-Xmx256m", $"-Djava.security.auth.login.config={jaas}", $"-Djava.security.krb5.conf={_realm.Configuration}",
            $"-Dzookeeper.server.principal={Service}@{KerberosRealm.Name}", "-cp", path, "KerberosTour",
            $"127.0.0.1:{await server.StartedAsync()}", ids[0], ids[1]);
        Assert.True(output.Contains("tour done\n"), output);
    }

    string Settings(string more) => $$"""
        akka.zab {
          acl.required-schemes = [sasl]
          sasl {
            users = [{ name = root, password = toor }]
            super-users = [root]
            kerberos {
              principal = "{{Service}}@{{KerberosRealm.Name}}"
              keytab = "{{_realm.Keytab(Service)}}"
              {{more}}
            }
          }
        }
        """;

    string Section(string name, string principal) =>
        $$"""
        {{name}} { com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true storeKey=true useTicketCache=false
            keyTab="{{_realm.Keytab(principal)}}" principal="{{principal}}@{{KerberosRealm.Name}}"; };
        """;
}
