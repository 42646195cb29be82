using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Akka.Engine.Tests.Persistence.Sql;

/// <summary>
/// A PostgreSQL server of the tests' own, from Debian's packages, on a free port of this machine, with its data in a
/// temporary directory. It ends when it is disposed, or with the process that started it.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    const string Packages = "/usr/lib/postgresql";

    readonly Process _keeper;

    PostgresServer(Process keeper, int port, string directory)
    {
        _keeper = keeper;
        Port = port;
        Directory = directory;
    }

    /// <summary>The directory of the newest version's programs; null where PostgreSQL is not installed.</summary>
    public static string? Programs { get; } = System.IO.Directory.Exists(Packages)
        ? System.IO.Directory.GetDirectories(Packages)
            .Select(version => Path.Combine(version, "bin"))
            .Where(bin => File.Exists(Path.Combine(bin, "initdb")) && File.Exists(Path.Combine(bin, "pg_ctl")))
            .OrderByDescending(bin => bin, StringComparer.Ordinal)
            .FirstOrDefault()
        : null;

    public int Port { get; }

    public string Directory { get; }

    public static PostgresServer Start()
    {
        // A port that was free a moment ago may be taken by the time the server wants it.
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            var keeper = Process.Start(Command(port)) ?? throw new InvalidOperationException("No shell.");
            if (keeper.StandardOutput.ReadLine() is { } directory && keeper.StandardOutput.ReadLine() == "ready")
                return new PostgresServer(keeper, port, directory);
            var error = keeper.StandardError.ReadToEnd();
            keeper.Dispose();
            if (attempt == 3)
                throw new InvalidOperationException($"PostgreSQL did not start: {error}");
        }
    }

    /// <summary>The connection string of a database.</summary>
    public string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={Port};Database={database};Username=tester;Pooling=false";

    /// <summary>Ends the server as a crash does and starts it again; its connections are lost.</summary>
    public void Restart()
    {
        Tell("restart");
        while (_keeper.StandardOutput.ReadLine() is { } line)
            if (line == "ready")
                return;
        throw new InvalidOperationException($"PostgreSQL did not restart: {_keeper.StandardError.ReadToEnd()}");
    }

    /// <summary>Ends the server and leaves its data, until <see cref="Restart"/>.</summary>
    public void Stop()
    {
        Tell("stop");
        while (_keeper.StandardOutput.ReadLine() is { } line && line != "stopped")
        {
        }
    }

    public void Dispose()
    {
        _keeper.StandardInput.Close();
        _keeper.WaitForExit();
        _keeper.Dispose();
    }

    void Tell(string order)
    {
        _keeper.StandardInput.Write(order + "\n");
        _keeper.StandardInput.Flush();
    }

    // The shell lives for as long as its input is open, which is at most as long as this process.
    static ProcessStartInfo Command(int port)
    {
        var script = new StringBuilder(
            $$"""
            dir=$(mktemp -d /tmp/akka-postgres-XXXXXX); cd "$dir"; trap '' INT TERM
            ctl() { {{Programs}}/pg_ctl -D "$dir/data" -l "$dir/log" -s -w "$@" >&2; }
            start() { ctl start -o "-p {{port}} -k $dir -c listen_addresses=127.0.0.1" && echo ready; }
            {{Programs}}/initdb -D "$dir/data" -U tester -A trust -E UTF8 --locale=C -N >/dev/null || exit 1
            echo "$dir"; start || { cat "$dir/log" >&2; rm -rf "$dir"; exit 1; }
            while read -r order; do
              ctl stop -m immediate
              [ "$order" = restart ] && start || echo stopped
            done
            ctl stop -m immediate; rm -rf "$dir"

            """).Replace("\r", "");
        var start = new ProcessStartInfo
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The server refuses to run as root; Debian's package has made a user for it.
        string[] command = Environment.UserName == "root"
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "sh", "-c", script.ToString()]
            : ["sh", "-c", script.ToString()];
        start.FileName = command[0];
        foreach (var argument in command[1..])
            start.ArgumentList.Add(argument);
        return start;
    }

    static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
