// Serves an empty DynamoDB on loopback alone, at a free port; prints its process and port, ends
// with its stdin. dynalite's own command line takes port 0 for its default one.
import dynalite from "dynalite";

const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
server.listen(0, "127.0.0.1", () => console.log(process.pid, server.address().port));
process.stdin.on("end", () => process.exit()).resume();
