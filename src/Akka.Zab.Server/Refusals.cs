using System.Net.Sockets;
using Akka.Configuration;

namespace Akka.Zab.Server;

/// <summary>Turns what went wrong at start into one sentence.</summary>
internal static class Refusals
{
    /// <summary>The exception that says most to whoever runs the server, as a sentence.</summary>
    public static string Sentence(Exception exception)
    {
        var told = exception;
        for (var inner = exception; inner is not null; inner = Inner(inner))
        {
            told = inner;
            if (inner is RefusedException or ConfigurationException or IOException) break;
        }
        var message = told.Message.ReplaceLineEndings(" ").Trim();
        return message.EndsWith('.') ? message : message + ".";
    }

    /// <summary>Whether what went wrong is that something else listens on the port.</summary>
    public static bool IsTakenPort(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = Inner(inner))
            if (inner is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }) return true;
        return false;
    }

    static Exception? Inner(Exception exception)
        => exception is AggregateException { InnerExceptions: [var first, ..] } ? first : exception.InnerException;
}
