using System.CommandLine;
using System.Text;
using Akka.Zab.Client;

namespace Akka.Zab.Server.Commands;

/// <summary>What the commands that ask the ensemble for something have in common: where it is, and who asks.</summary>
internal sealed class EnsembleSession
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);

    readonly Option<string> _servers = new("--servers")
    {
        Description = "Servers of the ensemble, where ZooKeeper clients connect, separated by commas.",
        HelpName = "host:port,...",
        DefaultValueFactory = _ => "127.0.0.1:2181,127.0.0.1:2182,127.0.0.1:2183",
    };

    readonly Option<string?> _auth = new("--auth")
    {
        Description = "Who asks: USER:PASSWORD, the superuser's say (akka.zab.acl.super-digest).",
        HelpName = "user:password",
    };

    readonly Option<string?> _sasl = new("--sasl")
    {
        Description = "Who logs in with SASL, where the servers demand it: USER:PASSWORD (akka.zab.sasl).",
        HelpName = "user:password",
    };

    public IEnumerable<Option> Options => [_servers, _auth, _sasl];

    /// <summary>Opens a session, does what is to be done, and closes it. What is refused is one sentence.</summary>
    public async Task<int> RunAsync(ParseResult parsed, Func<ZabClient, Task> ask, CancellationToken stop)
    {
        var servers = parsed.GetRequiredValue(_servers);
        var options = new ZabClientOptions { ConnectTimeout = _patience, Sasl = Login(parsed.GetValue(_sasl)) };
        try
        {
            await using var client = await ZabClient.ConnectAsync(servers, options, stop);
            if (parsed.GetValue(_auth) is { } auth) await client.AddAuthAsync("digest", Encoding.UTF8.GetBytes(auth), stop);
            await ask(client).WaitAsync(_patience, stop);
            return ExitCode.Ok;
        }
        catch (ZabException e) when (e.Error == ZabError.NoAuth)
        {
            throw new RefusedException(
                "Only who may write to /zookeeper/config may ask for that, the superuser say: see --auth and --sasl.");
        }
        catch (ZabException e) when (e.Error == ZabError.SessionClosedRequireAuth)
        {
            throw new RefusedException("The servers want to know first who asks: see --auth and --sasl.");
        }
        catch (ZabException e)
        {
            throw new RefusedException(e.Message);
        }
        catch (ArgumentException e)
        {
            throw new RefusedException(e.Message);
        }
        catch (TimeoutException)
        {
            throw new RefusedException("There was no answer in time.");
        }
    }

    static SaslCredentials? Login(string? text)
    {
        if (text is null) return null;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && colon < text.Length - 1
            ? new SaslCredentials(text[..colon], text[(colon + 1)..])
            : throw new RefusedException("What follows --sasl must be USER:PASSWORD.");
    }
}
