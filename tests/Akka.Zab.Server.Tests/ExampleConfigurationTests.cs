namespace Akka.Zab.Server.Tests;

public class ExampleConfigurationTests
{
    // What sasl.conf takes from the environment, and would be refused without.
    static ExampleConfigurationTests()
    {
        foreach (var name in new[] { "ZAB_APP_HASH", "ZAB_ADMIN_HASH" })
            Environment.SetEnvironmentVariable(name, "2b5bc1ed7f9243f62e5456aebdf86774");
    }

    public static TheoryData<string> Examples => [.. Directory.GetFiles(Folder(), "*.conf").Select(f => Path.GetFileName(f)!)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_is_accepted(string file)
    {
        var config = ServerConfig.Load(new ServerOptions(Path.Combine(Folder(), file), null, [], null, false));
        var settings = ZabSettings.Read(config);
        var needed = Math.Max(settings.MaxBatchBytes, 1 << 20) + (64 << 10);
        Assert.True(config.GetByteSize("akka.remote.dot-netty.tcp.maximum-frame-size", 0) >= needed);
        if (settings.Self.Address is { } address)
        {
            Assert.Equal(address.Host, config.GetString("akka.remote.dot-netty.tcp.public-hostname"));
            Assert.Equal(address.Port, config.GetInt("akka.remote.dot-netty.tcp.port"));
        }
    }

    [Fact]
    public void The_example_for_sasl_takes_its_users_from_the_environment_and_demands_that_clients_log_in()
    {
        var settings = ZabSettings.Read(
            ServerConfig.Load(new ServerOptions(Path.Combine(Folder(), "sasl.conf"), null, [], null, false)));
        Assert.Equal(["admin", "app"], settings.Sasl!.Users.Order());
        Assert.True(settings.Sasl.IsSuper("admin"));
        Assert.Equal(["sasl"], settings.RequiredSchemes);
        Assert.Equal(ClientCertificates.None, settings.TlsPort!.ClientCertificates);
    }

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Akka.Zab.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run within the repository.");
        return Path.Combine(folder.FullName, "hocon");
    }
}
