using Akka.Configuration;
using Akka.Zab.Client.Sasl;

namespace Akka.Zab.Tests.Settings;

public sealed class SaslSettingsTests : IDisposable
{
    private const string Hash = "2b5bc1ed7f9243f62e5456aebdf86774"; // of bob's password, secret

    private readonly string _folder = Directory.CreateTempSubdirectory("zab-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_users_there_is_no_sasl() => Assert.Null(Read("").Sasl);

    [Fact]
    public void Users_have_a_password_or_what_stands_for_it_in_the_settings_or_in_a_file()
    {
        var file = Write("# who may log in", "", "carol:zk-sasl-md5:" + Hash.ToUpperInvariant(), "dave:zk-sasl-md5:" + Hash);
        var settings = Read($$"""
            sasl {
              users = [{ name = bob, password = secret }, { name = "alice", hash = {{Hash}} }]
              users-file = "{{file}}"
              super-users = [alice, "admin/host@REALM"]
              allow-failed = on
            }
            acl.required-schemes = [sasl, digest]
            """);
        var sasl = settings.Sasl!;
        Assert.Equal(["alice", "bob", "carol", "dave"], sasl.Users.Order());
        Assert.All(sasl.Users, user => Assert.Equal(Convert.FromHexString(Hash), sasl.HashOf(user)));
        Assert.Equal(DigestMd5.Hash("bob", "secret"), sasl.HashOf("bob"));
        Assert.Null(sasl.HashOf("Bob"));
        Assert.True(sasl.IsSuper("alice") && sasl.IsSuper("admin/host@REALM") && !sasl.IsSuper("bob"));
        Assert.True(sasl.AllowFailed);
        Assert.Equal(["sasl", "digest"], settings.RequiredSchemes);
    }

    [Theory]
    [InlineData("sasl.users = bob", "akka.zab.sasl.users must be a list of { name, password } or { name, hash }.")]
    [InlineData("sasl.users = [bob]", "Entry 1 of akka.zab.sasl.users must be { name, password } or { name, hash }.")]
    [InlineData("sasl.users = [{ name = bob }]", "Entry 1 of akka.zab.sasl.users must have either a password or a hash.")]
    [InlineData("sasl.users = [{ name = bob, password = xyzzy, hash = \"\" }]",
        "Entry 1 of akka.zab.sasl.users must have either a password or a hash.")]
    [InlineData("sasl.users = [{ name = bob, password = \"\" }]", "Entry 1 of akka.zab.sasl.users has an empty password.")]
    [InlineData("sasl.users = [{ name = bob, hash = xyzzy }]",
        "Entry 1 of akka.zab.sasl.users must have a hash of 32 hexadecimal digits: the MD5 of USER:zk-sasl-md5:PASSWORD.")]
    [InlineData("sasl.users = [{ name = bob, pasword = xyzzy }]",
        "Entry 1 of akka.zab.sasl.users has \"pasword\", but only name, password and hash are known.")]
    [InlineData("sasl.users = [{ password = xyzzy }]",
        "Entry 1 of akka.zab.sasl.users must have a name without colons and quotation marks.")]
    [InlineData("sasl.users = [{ name = \"b:b\", password = xyzzy }]",
        "Entry 1 of akka.zab.sasl.users must have a name without colons and quotation marks.")]
    [InlineData("sasl.users = [{ name = bob, password = xyzzy }, { name = bob, password = xyzzy }]",
        "Entry 2 of akka.zab.sasl.users has the user bob a second time.")]
    [InlineData("sasl.userz = []", "akka.zab.sasl.userz is not a setting of Akka.Zab.")]
    [InlineData("acl.required-schemes = [sasl]", "akka.zab.acl.required-schemes has sasl, but akka.zab.sasl has neither users nor Kerberos.")]
    [InlineData("sasl.kerberos.principal = \"zookeeper@REALM\"",
        "akka.zab.sasl.kerberos.principal must be the server's name such as \"zookeeper/host.example.com@EXAMPLE.COM\", or empty, not zookeeper@REALM.")]
    [InlineData("sasl.kerberos { principal = \"zookeeper/host@REALM\", keytab = /none/keytab }",
        "akka.zab.sasl.kerberos.keytab must be a file, or empty, not /none/keytab.")]
    [InlineData("acl.required-schemes = [kerberos]",
        "akka.zab.acl.required-schemes must be a list of digest, x509 and sasl, not [kerberos].")]
    public void What_is_wrong_is_one_sentence_that_names_the_key_and_no_secret(string settings, string sentence)
    {
        var refusal = Assert.Throws<ConfigurationException>(() => Read(settings));
        Assert.Equal(sentence, refusal.Message);
        Assert.DoesNotContain("xyzzy", refusal.Message);
    }

    [Theory]
    [InlineData("bob", "must be USER:zk-sasl-md5:HASH.")]
    [InlineData("bob:elsewhere:2b5bc1ed7f9243f62e5456aebdf86774", "has another realm than zk-sasl-md5.")]
    [InlineData("bob:zk-sasl-md5:xyzzy", "must have a hash of 32 hexadecimal digits: the MD5 of USER:zk-sasl-md5:PASSWORD.")]
    public void What_is_wrong_in_the_file_is_said_with_its_line(string line, string end)
    {
        var file = Write("# users", line);
        var refusal = Assert.Throws<ConfigurationException>(() => Read($"sasl.users-file = \"{file}\""));
        Assert.Equal($"Line 2 of {file}, akka.zab.sasl.users-file, {end}", refusal.Message);
    }

    [Fact]
    public void A_file_that_is_not_there_is_said_to_be_so()
    {
        var refusal = Assert.Throws<ConfigurationException>(() => Read($"sasl.users-file = \"{_folder}/none\""));
        Assert.StartsWith($"akka.zab.sasl.users-file: {_folder}/none cannot be read: ", refusal.Message);
    }

    private string Write(params string[] lines)
    {
        var file = Path.Combine(_folder, "users");
        File.WriteAllLines(file, lines);
        return file;
    }

    private static ZabSettings Read(string settings) =>
        ZabSettings.Read(ConfigurationFactory.ParseString($"akka.zab {{\n{settings}\n}}"));
}
