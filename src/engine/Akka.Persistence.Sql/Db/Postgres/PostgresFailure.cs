using System.Net.Sockets;
using Npgsql;

namespace Akka.Persistence.Sql.Db.Postgres;

/// <summary>Why PostgreSQL did not do what it was told, in one sentence that names server and database.</summary>
sealed class PostgresFailure : SqlFailure
{
    readonly string? _state;

    PostgresFailure(string? state, string sentence) : base(sentence) => _state = state;

    // Data, integrity, cursor, syntax and access rule, program limit.
    public override bool ConcernsOneWrite => _state is not null && _state[..2] is "21" or "22" or "23" or "42" or "54";

    // In particular 08, 57P and everything that is not an answer of the server.
    public override bool IsFatalForConnection => !ConcernsOneWrite && _state?[..2] is not ("40" or "55" or "53");

    public override bool IsLostConnection =>
        _state is null or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
        || _state.StartsWith("08", StringComparison.Ordinal);

    public static bool IsTheServers(Exception e) => e is NpgsqlException or SocketException or IOException
        or TimeoutException;

    public static PostgresFailure Of(Exception e, string name, bool isOpening)
    {
        if (e is PostgresException answer)
            return new PostgresFailure(answer.SqlState, Sentence(answer, name));
        var cause = e.InnerException ?? e;
        if (cause is TimeoutException)
            return new PostgresFailure(null, $"PostgreSQL at '{name}' did not answer in time.");
        return new PostgresFailure(null, isOpening
            ? $"PostgreSQL at '{name}' can't be reached: {cause.Message}"
            : $"The connection to PostgreSQL at '{name}' was lost: {cause.Message}");
    }

    static string Sentence(PostgresException e, string name) => e.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"PostgreSQL at '{name}' lets this user not in: {e.MessageText}.",
        PostgresErrorCodes.InvalidCatalogName => $"PostgreSQL at '{name}': {e.MessageText}.",
        PostgresErrorCodes.DiskFull =>
            $"The disk of PostgreSQL at '{name}' is full; the transaction was rolled back.",
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled =>
            $"PostgreSQL at '{name}' gave up ({e.MessageText}); the transaction was rolled back.",
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow =>
            $"PostgreSQL at '{name}' is not in service: {e.MessageText}.",
        ['2', '3', ..] => $"PostgreSQL at '{name}' refused a row: {e.MessageText}.",
        _ => $"PostgreSQL at '{name}' failed with code {e.SqlState}: {e.MessageText}.",
    };
}
