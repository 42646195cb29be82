using System.Diagnostics;
using System.Net.Sockets;
using Akka.Zab.Server.Tests.BackToBack;

namespace Akka.Zab.Server.Tests.Tours;

/// <summary>A realm of MIT's Kerberos on this machine, EXAMPLE.COM, with its own database and keytabs in a folder.</summary>
internal sealed class KerberosRealm : IDisposable
{
    public const string Kdc = "/usr/sbin/krb5kdc";
    public const string Admin = "/usr/sbin/kadmin.local";
    public const string Database = "/usr/sbin/kdb5_util";
    public const string Name = "EXAMPLE.COM";

    readonly string _folder = Directory.CreateTempSubdirectory("krb5-").FullName;
    readonly int _port = Ports.Free();
    Process? _kdc;

    /// <summary>The file that clients read the realm from.</summary>
    public string Configuration => Path.Combine(_folder, "krb5.conf");

    /// <summary>Makes the realm with these principals and starts its server.</summary>
    public async Task StartAsync(params string[] principals)
    {
        await File.WriteAllTextAsync(Configuration, $$"""
            [libdefaults]
              default_realm = {{Name}}
              dns_lookup_kdc = false
              dns_lookup_realm = false
              dns_canonicalize_hostname = false
              rdns = false
              udp_preference_limit = 1
            [realms]
              {{Name}} = {
                kdc = 127.0.0.1:{{_port}}
              }
            """);
        await File.WriteAllTextAsync(Path.Combine(_folder, "kdc.conf"), $$"""
            [kdcdefaults]
              kdc_listen = 127.0.0.1:{{_port}}
              kdc_tcp_listen = 127.0.0.1:{{_port}}
            [realms]
              {{Name}} = {
                database_name = {{_folder}}/principal
                key_stash_file = {{_folder}}/stash
                acl_file = {{_folder}}/acl
              }
            """);
        await ToolAsync(Database, "create", "-s", "-r", Name, "-P", "master");
        foreach (var principal in principals)
        {
            await ToolAsync(Admin, "-r", Name, "-q", $"addprinc -randkey {principal}");
            await ToolAsync(Admin, "-r", Name, "-q", $"ktadd -k {Keytab(principal)} {principal}");
        }
        _kdc = Start(Kdc, "-n", "-r", Name);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await AnswersAsync(patience.Token))
        {
            Assert.False(_kdc.HasExited, "The server of the realm has ended.");
            await Task.Delay(50, patience.Token);
        }
    }

    /// <summary>The file with the key of a principal.</summary>
    public string Keytab(string principal) => Path.Combine(_folder, principal.Replace('/', '-') + ".keytab");

    public void Dispose()
    {
        if (_kdc is { HasExited: false }) _kdc.Kill();
        _kdc?.WaitForExit();
        _kdc?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    async Task ToolAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output + await errors);
    }

    Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KRB5_CONFIG"] = Configuration;
        start.Environment["KRB5_KDC_PROFILE"] = Path.Combine(_folder, "kdc.conf");
        return Process.Start(start)!;
    }

    async Task<bool> AnswersAsync(CancellationToken stop)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", _port, stop);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
