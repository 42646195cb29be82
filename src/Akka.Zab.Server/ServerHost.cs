using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Zab.ZooKeeper;

namespace Akka.Zab.Server;

/// <summary>One server in this process: its actor system, its port, and its orderly end.</summary>
internal static class ServerHost
{
    const string Tcp = "akka.remote.dot-netty.tcp";

    static readonly TimeSpan _stopPatience = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync(ServerOptions options)
    {
        using var signal = new StopSignal();
        if (options.UntilInputEnds) signal.WatchStandardInput();
        if (options.Log is { } log) LogTo(log);

        var given = ServerConfig.Load(options);
        ActorSystem? system = null;
        try
        {
            var settings = ZabSettings.Read(given);
            system = CreateSystem(settings, ServerConfig.Complete(given, settings));
            var member = Zab.Get(system);
            var port = ZooKeeperPort.Get(system);
            Introduce(settings, port);
            using var collections = BackgroundCollections.Start();

            var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var registration = signal.Token.Register(() => asked.TrySetResult());
            await Task.WhenAny(asked.Task, member.WhenStopped).ConfigureAwait(false);
            if (!asked.Task.IsCompleted)
            {
                var why = await member.WhenStopped.ConfigureAwait(false);
                throw new RefusedException(why ?? "The actor system was shut down.");
            }

            Console.WriteLine("Stopping.");
            await port.StopAsync().ConfigureAwait(false);
            await system.Terminate().WaitAsync(_stopPatience).ConfigureAwait(false);
            return ExitCode.Ok;
        }
        catch (TimeoutException)
        {
            Console.WriteLine("Stopped without waiting any longer.");
            return ExitCode.Ok;
        }
        catch (Exception e)
        {
            if (options.Log is not null) Console.WriteLine(e);
            if (system is not null)
                await Task.WhenAny(system.Terminate(), Task.Delay(_stopPatience)).ConfigureAwait(false);
            throw new RefusedException(Refusals.Sentence(e));
        }
    }

    static ActorSystem CreateSystem(ZabSettings settings, Config config)
    {
        try
        {
            TryPort(config);
            return ActorSystem.Create(settings.Self.Address?.System ?? "zab", config);
        }
        catch (Exception e) when (Refusals.IsTakenPort(e))
        {
            throw new RefusedException(
                $"The port {config.GetString($"{Tcp}.hostname")}:{config.GetInt($"{Tcp}.port")} of {Tcp} is taken.");
        }
    }

    /// <summary>Fails if the port is taken, of which Akka.NET's remoting would make much of the log.</summary>
    static void TryPort(Config config)
    {
        if (config.GetString("akka.actor.provider") == "local" || config.GetInt($"{Tcp}.port") is var port && port <= 0 ||
            !IPAddress.TryParse(config.GetString($"{Tcp}.hostname"), out var address)) return;
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
        }
        catch (SocketException e) when (e.SocketErrorCode != SocketError.AddressAlreadyInUse)
        {
            // Remoting will say what is wrong.
        }
    }

    static void LogTo(string file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            var stream = new FileStream(
                file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            var writer = new StreamWriter(stream, new UTF8Encoding(false)) { AutoFlush = true };
            Console.SetOut(TextWriter.Synchronized(writer));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException($"The log {file} cannot be written: {e.Message}");
        }
    }

    static void Introduce(ZabSettings settings, ZooKeeperPort port)
    {
        var version = typeof(ServerHost).Assembly.GetName().Version?.ToString(3);
        Console.WriteLine($"zab {version}, server {settings.ServerId} of {settings.Members.Count}, on {Engine()}");
        Console.WriteLine($"  ZooKeeper clients  {port.Endpoint}");
        Console.WriteLine($"  Akka               {(settings.Self.Address is { } address ? address : "alone")}");
        Console.WriteLine($"  data               {settings.DataFolder}");
        Console.WriteLine(
            $"  tick {settings.TickMs} ms, init-limit {settings.InitLimitTicks}, sync-limit {settings.SyncLimitTicks}, "
            + $"session timeout {settings.MinSessionTimeoutMs} to {settings.MaxSessionTimeoutMs} ms");
    }

    /// <summary>Akka.NET, or the bundled engine, whose assemblies are part of this product.</summary>
    internal static string Engine()
    {
        var akka = typeof(ActorSystem).Assembly;
        var product = akka.GetCustomAttribute<AssemblyProductAttribute>()?.Product;
        var version = akka.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        return product == "Akka.Zab" ? "the bundled engine" : $"Akka.NET {version?.Split('+')[0]}";
    }
}
